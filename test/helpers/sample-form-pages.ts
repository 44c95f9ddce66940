import { sample, type SamplePage } from '#test/helpers/sample-pages.ts'
import { sampleProof } from '#test/helpers/sample-security-pages.ts'
import { okay, type Samples } from '#test/helpers/samples.ts'
import { focusChoice } from '#server/web/views/focus-choice.ts'

const suffix = '@skerry.example'

/** The pages one fills in, with and without errors, and those that only say something. */
export function sampleFormPages(samples: Samples): SamplePage[] {
  const { t, text, people, card, composer, part, chrome, html, time, timeline } = samples
  const { ana, bo } = people
  const posts = timeline()
  const tab = (path: string, label: string, isCurrent = false) => ({ path, label: text(label), isCurrent })
  const wrong = (value: string, error: string) => ({ value: text(value), error: text(error) })
  const option = (value: string, label: string, isSelected = false, hint?: string) => ({
    value,
    label: text(label),
    hint: hint && text(hint),
    isSelected
  })
  const choice = (...options: ReturnType<typeof option>[]) => ({ options, error: undefined })
  const check = (isChecked: boolean) => ({ isChecked, error: undefined })
  const settingsTabs = (current: string) =>
    ['Profile', 'Privacy', 'Account', 'Sessions', 'Appearance'].map((label) =>
      tab(`/settings/${label.toLowerCase()}`, label, label === current)
    )
  const rules = ['Be kind. Argue with the argument.', 'No advertising.', 'Warn before pictures of spiders.'].map(text)
  const signUp = {
    path: '/sign-up',
    mode: 'approval' as const,
    error: undefined,
    name: okay,
    handleSuffix: text(suffix),
    email: okay,
    password: okay,
    asksReason: true,
    reason: okay,
    asksInviteCode: false,
    inviteCode: okay,
    rules,
    consent: check(false),
    passwordCharactersMin: 10
  }
  const passkey = { path: '/sign-in/passkey', optionsPath: '/sign-in/passkey/options' }
  const image = (position: number, name: string) => ({
    id: `m${position}`,
    url: `/media/${name}`,
    width: 400,
    height: 300,
    position,
    total: 2,
    alt: okay,
    focus: focusChoice(t, { id: position, focusX: 0, focusY: 0 })
  })
  const confirm = {
    heading: text('Delete this post?'),
    consequences: [text('It disappears here at once, and other servers are asked to delete it.'), text('Replies stay.')],
    path: '/posts/103/deletion',
    label: text('Delete post'),
    isDangerous: true,
    cancelPath: '/@ana/103',
    hidden: [{ name: 'returnTo', value: '/home' }]
  }

  return [
    sample('sign-in', 'sign-in', chrome('/sign-in', 'Sign in', 'stranger'), {
      path: '/sign-in',
      error: undefined,
      login: okay,
      password: okay,
      forgottenPath: '/password/forgotten',
      signUpPath: '/sign-up',
      passkey,
      recoveryPath: '/sign-in/recovery'
    }),
    sample('sign-in-error', 'sign-in', chrome('/sign-in', 'Sign in', 'stranger'), {
      path: '/sign-in',
      error: text('Name or password is wrong.'),
      login: { value: text('ana'), error: undefined },
      password: okay,
      forgottenPath: '/password/forgotten',
      signUpPath: undefined,
      passkey,
      recoveryPath: '/sign-in/recovery'
    }),
    sample('sign-up', 'sign-up', chrome('/sign-up', 'Create account', 'stranger'), signUp),
    sample('sign-up-error', 'sign-up', chrome('/sign-up', 'Create account', 'stranger'), {
      ...signUp,
      mode: 'invite',
      asksInviteCode: true,
      asksReason: false,
      name: wrong('ana', 'This name is taken.'),
      password: { value: '', error: text('The password is too short.') },
      consent: { isChecked: false, error: text('Please agree to the rules.') }
    }),
    sample('owner', 'owner', chrome('/owner', 'Owner', 'stranger'), {
      path: '/owner',
      error: undefined,
      name: okay,
      handleSuffix: text(suffix),
      email: okay,
      password: okay,
      passwordCharactersMin: 10
    }),
    sample('password-forgotten', 'password-forgotten', chrome('/password', 'Password', 'stranger'), {
      path: '/password',
      error: undefined,
      email: okay
    }),
    sample('password-new', 'password-new', chrome('/password', 'Password', 'stranger'), {
      path: '/password',
      error: undefined,
      password: okay,
      passwordCharactersMin: 10
    }),
    sample('about', 'about', chrome('/about', 'About', 'stranger'), {
      instanceName: text('Outer Skerries'),
      descriptionHtml: html('A small island in the fediverse.'),
      rules,
      contactEmail: text('hello@skerry.example'),
      staff: [card(ana, { buttons: [], badges: [text('Owner')] })],
      userCount: 42,
      postCount: 12345,
      version: text('0.1.0'),
      sourceUrl: 'https://example.org/skerry',
      signUpText: text('By approval')
    }),
    sample('settings-profile', 'settings-profile', chrome('/settings/profile', 'Profile'), {
      tabs: settingsTabs('Profile'),
      path: '/settings/profile',
      error: undefined,
      displayName: { value: ana.name, error: undefined },
      note: wrong('Bees and boats.', 'That is too long.'),
      noteCharactersMax: 500,
      isLocked: check(true),
      isBot: check(false),
      fields: [1, 2].map((position) => ({ position, name: okay, value: okay })),
      avatarUrl: ana.avatarUrl,
      avatarError: undefined,
      headerUrl: '/media/shore.png',
      headerError: text('The file is larger than 10 MB.'),
      imageTypes: 'image/png',
      tagInput: okay,
      tags: [{ tag: text('#tides'), remove: { path: '/t', label: text('Remove'), name: text('Remove #tides'), tone: 'plain' } }]
    }),
    sample('settings-account', 'settings-account', chrome('/settings/account', 'Account'), {
      tabs: settingsTabs('Account'),
      email: text('ana@mail.example'),
      isEmailConfirmed: false,
      emailPath: '/e',
      emailError: undefined,
      newEmail: okay,
      emailProof: sampleProof(samples),
      passwordPath: '/p',
      passwordError: undefined,
      hasPassword: true,
      passwordProof: sampleProof(samples, 'wrong'),
      newPassword: okay,
      passwordCharactersMin: 10,
      deletionPath: '/settings/account/deletion'
    }),
    sample('settings-moving', 'settings-moving', chrome('/settings/moving', 'Moving'), {
      tabs: settingsTabs('Moving'),
      handle: text('@ana@skerry.example'),
      moved: undefined,
      waitText: undefined,
      movePath: '/m',
      moveError: undefined,
      target: wrong('@ana@elsewhere.example', 'That account does not name this one as its own.'),
      proof: sampleProof(samples),
      aliasPath: '/a',
      aliasError: undefined,
      alias: okay,
      aliases: [
        {
          link: { path: '/@ana@old.example', label: text('@ana@old.example') },
          uri: 'https://old.example/ana',
          name: text('Remove @ana@old.example'),
          removePath: '/r'
        }
      ]
    }),
    sample('settings-moving-moved', 'settings-moving', chrome('/settings/moving', 'Moving'), {
      tabs: settingsTabs('Moving'),
      handle: text('@ana@skerry.example'),
      moved: { link: { path: '/@ana@elsewhere.example', label: text('@ana@elsewhere.example') }, backPath: '/b' },
      waitText: text('You moved recently.'),
      movePath: '/m',
      moveError: undefined,
      target: okay,
      proof: sampleProof(samples),
      aliasPath: '/a',
      aliasError: undefined,
      alias: okay,
      aliases: []
    }),
    sample('settings-sessions', 'settings-sessions', chrome('/settings/sessions', 'Sessions'), {
      tabs: settingsTabs('Sessions'),
      sessions: [
        {
          id: '1',
          device: text('Firefox on Linux'),
          address: text('192.0.2.4'),
          lastSeen: time(1),
          started: time(5000),
          isCurrent: true,
          endPath: '/x'
        },
        {
          id: '2',
          device: text('Safari on iPhone'),
          address: text('2001:db8::1'),
          lastSeen: time(900),
          started: time(90000),
          isCurrent: false,
          endPath: '/x'
        }
      ],
      endOthersPath: '/others',
      signIns: [
        {
          device: text('Firefox on Linux'),
          address: text('192.0.2.4'),
          time: time(10),
          wayText: text('Signed in by passkey'),
          isGood: true
        },
        { device: text('Chrome on Windows'), address: text('203.0.113.9'), time: time(90), wayText: text('Wrong password'), isGood: false }
      ]
    }),
    sample('settings-privacy', 'settings-privacy', chrome('/settings/privacy', 'Privacy'), {
      tabs: settingsTabs('Privacy'),
      path: '/settings/privacy',
      error: undefined,
      isDiscoverable: { isChecked: true, error: undefined },
      isIndexable: { isChecked: false, error: undefined },
      listsFollows: { isChecked: true, error: undefined },
      provesPosts: { isChecked: false, error: undefined }
    }),
    sample('settings-notifications', 'settings-notifications', chrome('/settings/notifications', 'Notifications'), {
      tabs: settingsTabs('Notifications'),
      path: '/n',
      error: undefined,
      parts: ['strangers', 'limited'].map((name) => ({
        name,
        label: text('Everybody you do not follow'),
        hint: text('Mentions and quotes.'),
        choice: choice(option('show', 'Show with the others', true), option('review', 'Keep apart'))
      }))
    }),
    sample('settings-appearance', 'settings-appearance', chrome('/settings/appearance', 'Appearance'), {
      tabs: settingsTabs('Appearance'),
      path: '/a',
      error: undefined,
      theme: choice(
        option('auto', 'As the device', true, 'Light by day, dark by night, if your device does so'),
        option('light', 'Light'),
        option('dark', 'Dark')
      ),
      contrast: choice(option('system', 'As the device says', true), option('more', 'More')),
      textSize: choice(option('m', 'Medium', true), option('xl', 'Very large')),
      density: choice(option('roomy', 'Roomy', true), option('dense', 'Dense')),
      motion: choice(option('system', 'As the device says', true), option('less', 'Less')),
      plainNames: { isChecked: false, error: undefined },
      shortcuts: { isChecked: true, error: undefined },
      timeZone: choice(option('Europe/Oslo', 'Europe/Oslo', true)),
      language: choice(option('en', 'English', true))
    }),
    sample('compose', 'compose', chrome('/posts/120/reply', 'Reply'), {
      heading: text('Reply'),
      post: posts[0],
      composer: composer({ kind: 'reply', isOpen: true, parts: [part({ text: { value: text('I think so too.'), error: undefined } })] }),
      cancelPath: '/home',
      deletePath: undefined
    }),
    sample('post-edit', 'compose', chrome('/@ana/103/edit', 'Edit'), {
      heading: text('Edit post'),
      post: undefined,
      composer: composer({
        kind: 'edit',
        path: '/e',
        visibility: undefined,
        parts: [part({ text: { value: text('Morning light.'), error: undefined }, imagesLeft: 0 })],
        mayBeThread: false
      }),
      cancelPath: '/@ana/103',
      deletePath: undefined
    }),
    sample('post-images', 'post-images', chrome('/posts', 'Describe your images'), {
      path: '/posts',
      error: text('One description is too long.'),
      idempotencyKey: 'k3y',
      sends: 'new',
      text: text('Two pictures from the harbour.'),
      images: [image(1, 'boat.png'), { ...image(2, 'storm.png'), alt: wrong('A storm', 'At most 1,500 characters.') }],
      altCharactersMax: 1500,
      cancelPath: '/home'
    }),
    sample('post-history', 'post-history', chrome('/@ana/103/history', 'History'), {
      heading: text('Edits of this post'),
      postPath: '/@ana/103',
      author: ana,
      revisions: [
        {
          time: time(40),
          isOriginal: false,
          isCurrent: true,
          warning: text('Bright colours'),
          contentHtml: html('Morning light on the outer rocks.'),
          options: [text('At dawn'), text('At dusk')],
          media: []
        },
        {
          time: time(66),
          isOriginal: true,
          isCurrent: false,
          warning: undefined,
          contentHtml: html('Morning ligt on the rocks.'),
          options: [],
          media: []
        }
      ]
    }),
    sample('confirm-delete', 'confirm', chrome('/@ana/103/delete', 'Delete'), {
      ...confirm,
      post: { ...posts[2]!, actions: undefined },
      account: undefined
    }),
    sample('confirm-block', 'confirm', chrome('/block', 'Block'), {
      ...confirm,
      heading: text('Block @bo@harbour.example?'),
      label: text('Block'),
      isDangerous: false,
      post: undefined,
      account: card(bo, { buttons: [] })
    }),
    sample('report', 'report', chrome('/report', 'Report'), {
      path: '/report',
      error: undefined,
      account: bo,
      posts: [{ id: '101', text: text('Kettle on. Fog over the sound.'), time: time(4), isChecked: true }],
      category: choice(
        option('spam', 'Spam', true, 'Unwanted advertising, or the same thing over and over'),
        option('illegal', 'Illegal content'),
        option('rules', 'Breaks a rule of this instance'),
        option('other', 'Something else')
      ),
      comment: okay,
      commentCharactersMax: 1000,
      host: text('harbour.example'),
      forward: check(false),
      cancelPath: '/home'
    }),
    sample('message', 'message', chrome('/sign-up', 'Check your mail', 'stranger'), {
      heading: text('Check your mail'),
      paragraphs: [text('We sent a link to ana@mail.example. It holds for a day.')],
      links: [{ path: '/', label: text('Back') }],
      buttons: [{ path: '/again', label: text('Send again'), name: undefined, tone: 'plain' as const }]
    }),
    sample('error', 'error', chrome('/nowhere', 'Not found', 'stranger'), {
      status: 404,
      heading: text('Nothing here'),
      text: text('The page is gone, or it never was, or it is not for you to see.'),
      requestId: text('req-17'),
      links: [{ path: '/home', label: text('To your home') }]
    })
  ]
}
