import { sample, type SamplePage } from '#server/web/style/sample.ts'
import { sampleProof } from '#server/web/style/security-pages.ts'
import { sampleFields } from '#server/web/style/fields.ts'
import { okay, type Samples } from '#server/web/style/samples.ts'
import { type SettingsSection, settingsTabsOf, toSettingsView } from '#server/web/views/settings-sections.ts'

/** The settings. */
export function sampleSettingsPages(samples: Samples): SamplePage[] {
  const { t, text, people, chrome, time } = samples
  const { ana } = people
  const { option, choice, check, wrong } = sampleFields(samples)
  const settingsTabs = (label: string) => settingsTabsOf(label.toLowerCase() as SettingsSection, t)

  return [
    sample('settings', 'settings', chrome('/settings', 'Settings'), toSettingsView(t)),
    sample('settings-profile', 'settings-profile', chrome('/settings/profile', 'Profile'), {
      tabs: settingsTabs('Profile'),
      path: '/settings/profile',
      error: undefined,
      displayName: { value: ana.name, error: undefined },
      note: wrong('Bees and boats.', 'That is too long.'),
      noteCharactersMax: 500,
      isLocked: check(true),
      isBot: check(false),
      fields: [1, 2].map((position) => ({
        position,
        name: { name: `fieldName-${position}`, input: okay },
        value: { name: `fieldValue-${position}`, input: okay }
      })),
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
      provesPosts: { isChecked: false, error: undefined },
      creditSites: { value: text('blog.example'), error: undefined }
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
    })
  ]
}
