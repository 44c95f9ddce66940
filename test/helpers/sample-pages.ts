import type { AllPageViews } from '#server/web/render.ts'
import type { ChromeView } from '#server/web/views/chrome-view.ts'
import { okay, type Samples } from '#test/helpers/samples.ts'

/** One page with everything it needs; `file` names the picture. */
export interface SamplePage<Name extends keyof AllPageViews = keyof AllPageViews> {
  file: string
  name: Name
  view: AllPageViews[Name]
  chrome: ChromeView
}

const suffix = '@skerry.example'
const noPages = { olderPath: undefined, newestPath: undefined }

export function sample<Name extends keyof AllPageViews>(file: string, name: Name, chrome: ChromeView, view: AllPageViews[Name]): SamplePage {
  return { file, name, view, chrome } as SamplePage
}

/** Every page for people and strangers, with and without errors. */
export function samplePages(samples: Samples): SamplePage[] {
  const { t, text, people, card, composer, chrome, post, html, time, timeline, media } = samples
  const { ana, bo, chidi, dara, tide } = people
  const posts = timeline()
  const stream = { posts, pager: { olderPath: '/home?before=101', newestPath: undefined }, emptyText: text('Nothing here yet.') }
  const still = { posts: [], pager: noPages, emptyText: text('Nothing here yet. Follow somebody, or look at what others write here.') }
  const tab = (path: string, label: string, isCurrent = false) => ({ path, label: text(label), isCurrent })
  const wrong = (value: string, error: string) => ({ value: text(value), error: text(error) })
  const option = (value: string, label: string, isSelected = false, hint?: string) => ({ value, label: text(label), hint: hint && text(hint), isSelected })
  const choice = (...options: ReturnType<typeof option>[]) => ({ options, error: undefined })
  const check = (isChecked: boolean) => ({ isChecked, error: undefined })
  const settingsTabs = (current: string) => ['Profile', 'Account', 'Sessions', 'Appearance'].map((label) => tab(`/settings/${label.toLowerCase()}`, label, label === current))
  const strangers = posts.slice(0, 4).map((each) => ({ ...each, actions: undefined }))
  const focused = post(ana, 66, html('Does anyone know a plain text format for tide tables? I have twelve years of PDF and a free evening.'), { replyCount: 5, boostCount: 12, favouriteCount: 17, isFavourited: true })
  const answer = (author: typeof ana, depth: 0 | 1 | 2 | 3 | 4, words: string) => ({ depth, post: post(author, 50 - depth, html(words)) })
  const rules = ['Be kind. Argue with the argument.', 'No advertising.', 'Warn before pictures of spiders.'].map(text)
  const profile = {
    account: bo, headerUrl: undefined, noteHtml: html('Harbour master, amateur photographer. Two children, one boat.'),
    fields: [{ name: text('Home'), valueHtml: `<a href="https://harbour.example">${text('harbour.example')}</a>`, isVerified: true }, { name: text('Boat'), valueHtml: text('Maren, 1964'), isVerified: false }],
    joined: time(60 * 24 * 700), postCount: 1204, followingCount: 87, followerCount: 431, followingPath: '/@bo@harbour.example/following', followersPath: '/@bo@harbour.example/followers',
    remoteUrl: 'https://harbour.example/@bo', badges: [text('Follows you')], mainButton: { path: '/f', label: text('Unfollow'), name: text('Unfollow @bo'), tone: 'plain' as const },
    moreButtons: [{ path: '/m', label: text('Mute @bo'), name: undefined, tone: 'plain' as const }], moreLinks: [{ path: '/b', label: text('Block @bo') }, { path: '/r', label: text('Report @bo') }],
    editPath: undefined, notice: undefined
  }
  const notification = (kind: 'mention' | 'follow' | 'request' | 'favourite' | 'boost', account: typeof ana, isUnread = false, over = {}) => ({
    id: `${kind}-${account.id}`, kind, account, time: time(20), isUnread, post: undefined, excerpt: undefined, buttons: [], ...over
  })
  const excerpt = { path: '/@ana/103', text: text('Morning light on the outer rocks. The lichen is as yellow as the door of the boathouse.') }
  const signUp = {
    path: '/sign-up', mode: 'approval' as const, error: undefined, name: okay, handleSuffix: text(suffix), email: okay, password: okay, asksReason: true,
    reason: okay, asksInviteCode: false, inviteCode: okay, rules, consent: check(false), passwordCharactersMin: 10
  }
  const image = (position: number, name: string) => ({ id: `m${position}`, url: `/media/${name}`, width: 400, height: 300, position, total: 2, alt: okay })
  const confirm = { heading: text('Delete this post?'), consequences: [text('It disappears here at once, and other servers are asked to delete it.'), text('Replies stay.')], path: '/posts/103/deletion', label: text('Delete post'), isDangerous: true, cancelPath: '/@ana/103', hidden: [{ name: 'returnTo', value: '/home' }] }

  return [
    sample('front', 'front', chrome('/', 'Welcome', 'stranger', { canonicalUrl: 'https://skerry.example/', description: text('A small island in the fediverse.'), isIndexable: true }), {
      instanceName: text('Outer Skerries'), descriptionHtml: html('A small island in the fediverse, for people who live by the sea or would like to.'), hasOwner: true, signInPath: '/sign-in', signUpPath: '/sign-up', timeline: { ...stream, posts: strangers }
    }),
    sample('front-new', 'front', chrome('/', 'Welcome', 'stranger'), { instanceName: text('Outer Skerries'), descriptionHtml: '', hasOwner: false, signInPath: '/sign-in', signUpPath: undefined, timeline: still }),
    sample('home', 'home', chrome('/home', 'Home', 'person'), { composer: composer(), timeline: stream }),
    sample('home-empty', 'home', chrome('/home', 'Home', 'person', { flash: { tone: 'good', text: text('Your post is out.') } }), { composer: composer(), timeline: still }),
    sample('home-error', 'home', chrome('/home', 'Home', 'moderator', { flash: { tone: 'plain', text: text('You were away for a while.') } }), {
      composer: composer({ isOpen: true, error: text('The post could not go out yet.'), text: wrong('A very long thought', 'The text is 12 characters too long.'), warning: wrong('Long', 'The warning is too long.'), imagesError: text('This file is not an image we know.'), language: choice(option('en', 'English', true), option('nb', 'Norwegian')), images: [{ ...image(1, 'boat.png'), alt: wrong('', 'The description is too long.') }, image(2, 'storm.png')] }), timeline: stream
    }),
    sample('local', 'timeline', chrome('/local', 'Local', 'person'), { heading: text('Local'), lead: text('Public posts of this instance, newest first.'), tabs: [tab('/local', 'Local', true), tab('/federated', 'Federated')], timeline: { ...stream, pager: { olderPath: '/local?before=5', newestPath: '/local' } } }),
    sample('profile', 'profile', chrome('/@bo@harbour.example', 'Bo Okafor'), { profile, tabs: [tab('/p', 'Posts', true), tab('/r', 'Posts and replies'), tab('/m', 'Media')], timeline: { ...stream, posts: posts.slice(0, 3) } }),
    sample('profile-own', 'profile', chrome('/@ana', 'Ana'), { profile: { ...profile, account: ana, headerUrl: '/media/shore.png', editPath: '/settings/profile', mainButton: undefined, moreButtons: [], moreLinks: [], remoteUrl: undefined, badges: [text('Moderator')], notice: text('Your account waits for approval.') }, tabs: [tab('/p', 'Posts', true), tab('/r', 'Posts and replies')], timeline: still }),
    sample('people', 'people', chrome('/@ana/followers', 'Followers'), { heading: text('Followers'), lead: undefined, account: ana, tabs: [tab('/a', 'Followers', true), tab('/b', 'Following')], cards: [card(bo, { badges: [text('Follows you')] }), card(chidi, { note: '' }), card(dara), card(tide, { buttons: [] })], emptyText: '', pager: noPages }),
    sample('requests', 'people', chrome('/follow-requests', 'Follow requests'), { heading: text('Follow requests'), lead: text('These people want to follow you.'), account: undefined, tabs: [], cards: [card(bo, { buttons: [{ path: '/y', label: text('Accept'), name: text('Accept @bo'), tone: 'primary' as const }, { path: '/n', label: text('Reject'), name: text('Reject @bo'), tone: 'plain' as const }] })], emptyText: '', pager: noPages }),
    sample('thread', 'thread', chrome('/@ana/120', 'Post by Ana'), {
      heading: text('Conversation'), ancestors: [post(bo, 90, html('The harbour office still prints its tables on paper.')), post(chidi, 80, html('Twelve years of it, they say.'), { isLocal: false })], isParentMissing: false, post: focused,
      replies: [answer(chidi, 0, 'There is a text dump, one line per event. Easy to search.'), answer(ana, 1, 'That is exactly it, thank you! Does it carry the datum, or do I have to know it?'), answer(chidi, 2, 'Header line. Check it: two ports in the north use local zero.'), answer(bo, 3, 'I have the paper ones for those two.'), answer(ana, 4, 'Wonderful.'), answer(bo, 0, 'The office hands out tables if you ask nicely.')],
      replyCount: 6, boostersPath: '/boosts', favouritersPath: '/favourites', composer: composer({ kind: 'reply', replyTo: { id: '120', name: ana.name, handle: ana.handle, path: '/@ana/120' } }), pager: noPages
    }),
    sample('thread-stranger', 'thread', chrome('/@ana/121', 'Post by Ana', 'stranger', { alternateUrl: 'https://skerry.example/@ana/121' }), { heading: text('Conversation'), ancestors: [], isParentMissing: true, post: { ...focused, actions: undefined, isLocal: false, isSensitive: true, media: [media('boat.png', 800, 600, 'A boat.')], replyTo: { name: chidi.name, handle: chidi.handle, path: undefined } }, replies: [], replyCount: 0, boostersPath: undefined, favouritersPath: undefined, composer: undefined, pager: noPages }),
    sample('notifications', 'notifications', chrome('/notifications', 'Notifications'), {
      tabs: [tab('/n', 'All', true), tab('/m', 'Mentions')], markReadPath: '/notifications/read',
      notifications: [notification('mention', chidi, true, { post: post(chidi, 20, `<p><a class="mention" href="/@ana">${text('@ana')}</a> ${text('do you have the tables for 2019 too?')}</p>`, { isLocal: false }) }), notification('request', dara, true, { buttons: [{ path: '/y', label: text('Accept'), name: text('Accept Dara'), tone: 'primary' as const }, { path: '/n', label: text('Reject'), name: text('Reject Dara'), tone: 'plain' as const }] }), notification('favourite', bo, false, { excerpt }), notification('boost', chidi, false, { excerpt }), notification('follow', tide)], pager: { olderPath: '/notifications?before=9', newestPath: undefined }
    }),
    sample('notifications-empty', 'notifications', chrome('/notifications', 'Notifications'), { tabs: [], markReadPath: undefined, notifications: [], pager: noPages }),
    sample('search', 'search', chrome('/search', 'Search'), { query: { value: text('tide'), error: undefined }, hasResults: true, accounts: [card(tide)], posts: posts.slice(1, 2), tags: [{ path: '/tags/tides', label: text('#tides') }, { path: '/tags/tidepool', label: text('#tidepool') }], notice: text('harbour.example did not answer in time.'), pager: noPages }),
    sample('sign-in', 'sign-in', chrome('/sign-in', 'Sign in', 'stranger'), { path: '/sign-in', error: undefined, login: okay, password: okay, forgottenPath: '/password/forgotten', signUpPath: '/sign-up' }),
    sample('sign-in-error', 'sign-in', chrome('/sign-in', 'Sign in', 'stranger'), { path: '/sign-in', error: text('Name or password is wrong.'), login: { value: text('ana'), error: undefined }, password: okay, forgottenPath: '/password/forgotten', signUpPath: undefined }),
    sample('sign-up', 'sign-up', chrome('/sign-up', 'Create account', 'stranger'), signUp),
    sample('sign-up-error', 'sign-up', chrome('/sign-up', 'Create account', 'stranger'), { ...signUp, mode: 'invite', asksInviteCode: true, asksReason: false, name: wrong('ana', 'This name is taken.'), password: { value: '', error: text('The password is too short.') }, consent: { isChecked: false, error: text('Please agree to the rules.') } }),
    sample('owner', 'owner', chrome('/owner', 'Owner', 'stranger'), { path: '/owner', error: undefined, name: okay, handleSuffix: text(suffix), email: okay, password: okay, passwordCharactersMin: 10 }),
    sample('password-forgotten', 'password-forgotten', chrome('/password', 'Password', 'stranger'), { path: '/password', error: undefined, email: okay }),
    sample('password-new', 'password-new', chrome('/password', 'Password', 'stranger'), { path: '/password', error: undefined, password: okay, passwordCharactersMin: 10 }),
    sample('about', 'about', chrome('/about', 'About', 'stranger'), { instanceName: text('Outer Skerries'), descriptionHtml: html('A small island in the fediverse.'), rules, contactEmail: text('hello@skerry.example'), staff: [card(ana, { buttons: [], badges: [text('Owner')] })], userCount: 42, postCount: 12345, version: text('0.1.0'), sourceUrl: 'https://example.org/skerry', signUpText: text('By approval') }),
    sample('settings-profile', 'settings-profile', chrome('/settings/profile', 'Profile'), { tabs: settingsTabs('Profile'), path: '/settings/profile', error: undefined, displayName: { value: ana.name, error: undefined }, note: wrong('Bees and boats.', 'That is too long.'), noteCharactersMax: 500, isLocked: check(true), isBot: check(false), isDiscoverable: check(true), fields: [1, 2].map((position) => ({ position, name: okay, value: okay })), avatarUrl: ana.avatarUrl, avatarError: undefined, headerUrl: '/media/shore.png', headerError: text('The file is larger than 10 MB.'), imageTypes: 'image/png' }),
    sample('settings-account', 'settings-account', chrome('/settings/account', 'Account'), { tabs: settingsTabs('Account'), email: text('ana@mail.example'), isEmailConfirmed: false, emailPath: '/e', emailError: undefined, newEmail: okay, emailPassword: okay, passwordPath: '/p', passwordError: undefined, currentPassword: wrong('', 'This is not your password.'), newPassword: okay, passwordCharactersMin: 10 }),
    sample('settings-sessions', 'settings-sessions', chrome('/settings/sessions', 'Sessions'), { tabs: settingsTabs('Sessions'), sessions: [{ id: '1', device: text('Firefox on Linux'), address: text('192.0.2.4'), lastSeen: time(1), started: time(5000), isCurrent: true, endPath: '/x' }, { id: '2', device: text('Safari on iPhone'), address: text('2001:db8::1'), lastSeen: time(900), started: time(90000), isCurrent: false, endPath: '/x' }], endOthersPath: '/others' }),
    sample('settings-appearance', 'settings-appearance', chrome('/settings/appearance', 'Appearance'), { tabs: settingsTabs('Appearance'), path: '/a', error: undefined, theme: choice(option('auto', 'As the device', true, 'Light by day, dark by night, if your device does so'), option('light', 'Light'), option('dark', 'Dark')), timeZone: choice(option('Europe/Oslo', 'Europe/Oslo', true)), language: choice(option('en', 'English', true)) }),
    sample('compose', 'compose', chrome('/posts/120/reply', 'Reply'), { heading: text('Reply'), post: posts[0], composer: composer({ kind: 'reply', isOpen: true, text: { value: text('I think so too.'), error: undefined } }), cancelPath: '/home' }),
    sample('post-edit', 'compose', chrome('/@ana/103/edit', 'Edit'), { heading: text('Edit post'), post: undefined, composer: composer({ kind: 'edit', path: '/e', visibility: undefined, text: { value: text('Morning light.'), error: undefined }, imagesLeft: 0 }), cancelPath: '/@ana/103' }),
    sample('post-images', 'post-images', chrome('/posts', 'Describe your images'), { path: '/posts', error: text('One description is too long.'), hidden: [{ name: 'text', value: 'x' }, { name: 'visibility', value: 'public' }], text: text('Two pictures from the harbour.'), images: [image(1, 'boat.png'), { ...image(2, 'storm.png'), alt: wrong('A storm', 'At most 1,500 characters.') }], altCharactersMax: 1500, cancelPath: '/home' }),
    sample('post-history', 'post-history', chrome('/@ana/103/history', 'History'), { heading: text('Edits of this post'), postPath: '/@ana/103', author: ana, revisions: [{ time: time(40), isOriginal: false, isCurrent: true, warning: text('Bright colours'), contentHtml: html('Morning light on the outer rocks.'), media: [] }, { time: time(66), isOriginal: true, isCurrent: false, warning: undefined, contentHtml: html('Morning ligt on the rocks.'), media: [] }] }),
    sample('confirm-delete', 'confirm', chrome('/@ana/103/delete', 'Delete'), { ...confirm, post: { ...posts[2]!, actions: undefined }, account: undefined }),
    sample('confirm-block', 'confirm', chrome('/block', 'Block'), { ...confirm, heading: text('Block @bo@harbour.example?'), label: text('Block'), isDangerous: false, post: undefined, account: card(bo, { buttons: [] }) }),
    sample('report', 'report', chrome('/report', 'Report'), { path: '/report', error: undefined, account: bo, posts: [{ id: '101', text: text('Kettle on. Fog over the sound.'), time: time(4), isChecked: true }], category: choice(option('spam', 'Spam', true, 'Unwanted advertising, or the same thing over and over'), option('illegal', 'Illegal content'), option('rules', 'Breaks a rule of this instance'), option('other', 'Something else')), comment: okay, commentCharactersMax: 1000, host: text('harbour.example'), forward: check(false), cancelPath: '/home' }),
    sample('message', 'message', chrome('/sign-up', 'Check your mail', 'stranger'), { heading: text('Check your mail'), paragraphs: [text('We sent a link to ana@mail.example. It holds for a day.')], links: [{ path: '/', label: text('Back') }], buttons: [{ path: '/again', label: text('Send again'), name: undefined, tone: 'plain' as const }] }),
    sample('error', 'error', chrome('/nowhere', 'Not found', 'stranger'), { status: 404, heading: text('Nothing here'), text: text('The page is gone, or it never was, or it is not for you to see.'), requestId: text('req-17'), links: [{ path: '/home', label: text('To your home') }] })
  ]
}
