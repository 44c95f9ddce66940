import { sample, type SamplePage } from '#server/web/style/sample.ts'
import { sampleAdmin } from '#server/web/style/admin-frame.ts'
import { okay, type Samples } from '#server/web/style/samples.ts'
import { settingsTabsOf } from '#server/web/views/settings-sections.ts'

/** First steps, and what is brought along from elsewhere. */
export function sampleFirstRunPages(samples: Samples): SamplePage[] {
  const { t, text, people, card, chrome, time } = samples
  const { adminTabs, frame } = sampleAdmin(samples)
  const { ana, bo, chidi } = people
  const follow = (tag: string) => ({
    path: `/tags/${tag}`,
    label: text(`#${tag}`),
    button: { path: `/tags/${tag}/follow`, label: text('Follow'), name: text(`Follow #${tag}`), tone: 'primary' as const }
  })
  const kinds = (['follows', 'lists', 'blocks'] as const).map((kind, at) => ({
    value: kind,
    label: t(`import.kind-${kind}`),
    hint: t(`import.hint-${kind}`),
    isSelected: at === 0
  }))
  const running = {
    heading: t('import.kind-follows'),
    progressText: t('import.progress', { done: 120, failed: 4, total: 300 }),
    done: 124,
    total: 300,
    isRunning: true,
    path: '/imports/1',
    retry: undefined,
    failed: [{ subject: text('gone@a-rather-long-name-of-a-server.example'), reason: t('import.nobody') }],
    morePath: undefined
  }
  return [
    sample('welcome', 'welcome', chrome('/welcome', 'Welcome', 'person'), {
      text: text('Good to have you on our island. These people write often, and answer.'),
      starters: [card(ana), card(bo)],
      followAll: { path: '/welcome/follows', label: t('welcome.followAll'), name: undefined, tone: 'primary' },
      tags: [follow('tides'), follow('lichen')],
      suggestions: [card(chidi, { badges: [text('3 people here follow them')] })],
      importPath: '/settings/import',
      handles: okay
    }),
    sample('welcome-bare', 'welcome', chrome('/welcome', 'Welcome', 'person'), {
      text: undefined,
      starters: [],
      followAll: undefined,
      tags: [],
      suggestions: [],
      importPath: '/settings/import',
      handles: okay
    }),
    sample('settings-import', 'settings-import', chrome('/settings/import', 'Import', 'person'), {
      tabs: settingsTabsOf('import', t),
      path: '/settings/import',
      error: undefined,
      kind: { options: kinds, error: undefined },
      text: { value: text('ana@skerry.example'), error: t('import.nothing') },
      fileError: t('import.tooLarge', { limit: 1_000_000 }),
      imports: [{ path: '/imports/1', label: t('import.kind-follows'), text: t('import.listEnded', { count: 300 }), time: time(90) }]
    }),
    sample('import', 'import', chrome('/imports/1', 'Import', 'person'), running),
    sample('import-ended', 'import', chrome('/imports/1', 'Import', 'person'), {
      ...running,
      progressText: t('import.ended', { done: 296, failed: 4, total: 300 }),
      done: 300,
      isRunning: false,
      retry: { path: '/imports/1/retry', label: t('import.retry', { count: 4 }), name: undefined, tone: 'plain' },
      morePath: '/imports/1?before=9'
    }),
    sample('admin-welcome', 'admin/welcome', frame('/admin/welcome', 'Welcome'), {
      adminTabs: adminTabs('Welcome'),
      path: '/admin/welcome',
      error: undefined,
      text: okay,
      handles: { value: text('@nobody@nowhere.example'), error: t('welcome.nobody', { handle: '@nobody@nowhere.example' }) },
      tags: okay,
      handlesHint: t('admin.welcomeHandlesHint', { limit: 12 }),
      tagsHint: t('admin.welcomeTagsHint', { limit: 12 }),
      charactersMax: 500
    })
  ]
}
