import type { Translate } from '#server/platform/messages.ts'
import type { TabView } from '#server/web/views/page-views.ts'

/** Every settings page, in groups of at most four: as many tabs as a phone shows in one row. */
const groups = {
  you: ['profile', 'privacy', 'import', 'moving'],
  reading: ['posting', 'appearance', 'notifications'],
  quiet: ['filters', 'mutes', 'blocks', 'servers'],
  account: ['account', 'security', 'sessions', 'apps']
} as const

export type SettingsSection = (typeof groups)[keyof typeof groups][number]

/** The first page of the settings: what there is, each with a line that says what for. */
export interface SettingsView {
  groups: { id: string; heading: string; sections: { path: string; label: string; text: string }[] }[]
}

export function toSettingsView(t: Translate): SettingsView {
  return {
    groups: Object.entries(groups).map(([name, sections]) => ({
      id: `settings-${name}`,
      heading: t(`settings.group-${name}`),
      sections: sections.map((section) => ({
        path: `/settings/${section}`,
        label: t(`settings.${section}`),
        text: t(`settings.what-${section}`)
      }))
    }))
  }
}

/** The pages that stand in one group with the current one. */
export function settingsTabsOf(current: SettingsSection, t: Translate): TabView[] {
  const group = Object.values(groups).find((sections) => (sections as readonly string[]).includes(current))!
  return group.map((name) => ({ path: `/settings/${name}`, label: t(`settings.${name}`), isCurrent: name === current }))
}
