import type { FastifyRequest } from 'fastify'
import type { TabView } from '#server/web/views/page-views.ts'
import { type SettingsSection, settingsTabsOf } from '#server/web/views/settings-sections.ts'

/** The settings pages beside the current one; which one that is is said, since an answer to a form stands under another address. */
export function settingsTabs({ t }: FastifyRequest, current: SettingsSection): TabView[] {
  return settingsTabsOf(current, t)
}
