import { sample, type SamplePage } from '#server/web/style/sample.ts'
import type { Samples } from '#server/web/style/samples.ts'
import { settingsTabsOf } from '#server/web/views/settings-sections.ts'

/** Apps: what they ask, and what becomes of it. */
export function sampleAppPages(samples: Samples): SamplePage[] {
  const { t, text, people, chrome, time } = samples
  const asking = {
    appName: text('Lantern'),
    website: { path: 'https://lantern.example/', label: text('https://lantern.example/') },
    account: people.ana,
    handle: text('@ana@skerry.example'),
    lead: text('Lantern asks to act for you at Outer Skerries. It learns no password of yours.'),
    allows: ['Read everything you can read, your direct messages and settings included', 'Send your notifications to your device'].map(
      text
    ),
    placeText: text('lantern.example'),
    path: '/oauth/authorize',
    otherPath: '/sign-in?again=yes'
  }
  const app = {
    id: '1',
    name: text('Lantern'),
    website: { path: 'https://lantern.example/', label: text('https://lantern.example/') },
    allows: asking.allows,
    allowed: time(9000),
    lastUsed: time(40),
    removePath: '/settings/apps/1/remove'
  }
  const settings = { tabs: settingsTabsOf('apps', t), removeAllPath: undefined, host: text('skerry.example') }
  return [
    sample('authorize', 'authorize', chrome('/oauth/authorize', 'Allow Lantern?'), asking),
    sample('authorize-device', 'authorize', chrome('/oauth/authorize', 'Allow an app?'), {
      ...asking,
      appName: text('An app with a name of sixty characters that says a lot of it'),
      website: undefined,
      placeText: text('An app on this device (lantern:)')
    }),
    sample('authorize-faulty', 'authorize-faulty', chrome('/oauth/authorize', 'This app cannot be let in'), {
      heading: text('This app cannot be let in'),
      text: text('Lantern asks for more than it said it ever would.'),
      lead: text('Nothing was allowed. Only whoever makes Lantern can mend this.'),
      backUrl: 'https://lantern.example/callback?error=invalid_scope',
      backLabel: text('Back to Lantern'),
      home: { path: '/home', label: t('errors.toHome') }
    }),
    sample('authorize-code', 'authorize-code', chrome('/oauth/authorize/native', 'Your code'), {
      code: text('bWFrZS1pdC1zby1tYWtlLWl0LXNvLW1h')
    }),
    sample('settings-apps', 'settings-apps', chrome('/settings/apps', 'Apps'), {
      ...settings,
      apps: [app, { ...app, id: '2', name: text('Tide'), website: undefined, lastUsed: undefined, removePath: '/settings/apps/2/remove' }],
      removeAllPath: '/settings/apps/all/remove'
    }),
    sample('settings-apps-empty', 'settings-apps', chrome('/settings/apps', 'Apps'), { ...settings, apps: [] })
  ]
}
