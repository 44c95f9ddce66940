import type { FastifyRequest } from 'fastify'
import type { TabView } from '#server/web/views/page-views.ts'

/** The pages of what happened to the reader, in a row. */
export function notificationTabs({ t }: FastifyRequest, current: string): TabView[] {
  const tabs = [
    { path: '/notifications', label: t('notification.tabAll') },
    { path: '/notifications/mentions', label: t('notification.tabMentions') },
    { path: '/notifications/requests', label: t('notification.tabRequests') },
    { path: '/approvals', label: t('approvals.tab') }
  ]
  return tabs.map((tab) => ({ ...tab, isCurrent: tab.path === current }))
}
