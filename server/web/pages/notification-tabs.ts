import type { FastifyRequest } from 'fastify'
import { firstContact } from '#server/peers/first-contact.ts'
import type { TabView } from '#server/web/views/page-views.ts'

/** The pages of what happened to the reader, in a row; requests of servers met lately only where they are kept apart. */
export async function notificationTabs({ t, server }: FastifyRequest, current: string): Promise<TabView[]> {
  const { mode } = await firstContact(server.ctx)
  const hasRequests = mode !== 'off' || current === '/notifications/requests'
  const tabs = [
    { path: '/notifications', label: t('notification.tabAll') },
    { path: '/notifications/mentions', label: t('notification.tabMentions') },
    ...(hasRequests ? [{ path: '/notifications/requests', label: t('notification.tabRequests') }] : []),
    { path: '/approvals', label: t('approvals.tab') }
  ]
  return tabs.map((tab) => ({ ...tab, isCurrent: tab.path === current }))
}
