import type { FastifyRequest } from 'fastify'
import { hasRole } from '#server/accounts/who.ts'
import { countWaiting } from '#server/moderation/count-waiting.ts'
import type { AdminView } from '#server/web/admin/views/admin-views.ts'

/** A group leads to its first page; one of a single page needs no second row. */
const groups = [
  { label: 'admin.dashboard', places: [{ name: 'dashboard', path: '/admin', label: 'admin.dashboard' }] },
  {
    label: 'admin.groupPeople',
    places: [
      { name: 'reports', path: '/admin/reports', label: 'admin.reports' },
      { name: 'sign-ups', path: '/admin/sign-ups', label: 'admin.signUps' },
      { name: 'accounts', path: '/admin/accounts', label: 'admin.accounts' },
      { name: 'invites', path: '/admin/invites', label: 'admin.invites' }
    ]
  },
  {
    label: 'admin.groupNetwork',
    places: [
      { name: 'peers', path: '/admin/peers', label: 'admin.peers' },
      { name: 'first-contact', path: '/admin/first-contact', label: 'admin.firstContact' },
      { name: 'domains', path: '/admin/domains', label: 'admin.domains' },
      { name: 'relays', path: '/admin/relays', label: 'admin.relays', isForAdmins: true },
      { name: 'why', path: '/admin/why', label: 'admin.whyTab' }
    ]
  },
  {
    label: 'admin.groupInstance',
    places: [
      { name: 'queue', path: '/admin/queue', label: 'admin.queue' },
      { name: 'retention', path: '/admin/retention', label: 'admin.retention', isForAdmins: true },
      { name: 'emoji', path: '/admin/emoji', label: 'admin.emojiTab' },
      { name: 'trends', path: '/admin/trends', label: 'admin.trends' },
      { name: 'welcome', path: '/admin/welcome', label: 'admin.welcome', isForAdmins: true },
      { name: 'audit', path: '/admin/audit', label: 'admin.audit' },
      { name: 'settings', path: '/admin/settings', label: 'admin.settings', isForAdmins: true }
    ]
  }
] as const

type PlaceName = (typeof groups)[number]['places'][number]['name']

/** The pages of the panel that this person may open: groups in a row, below it the pages of the one they are in, each with what waits there. */
export async function adminTabs(request: FastifyRequest, current: PlaceName): Promise<AdminView['adminTabs']> {
  const { t, who, server } = request
  const waiting = await countWaiting(server.ctx.db, who)
  const counts: Partial<Record<PlaceName, number>> = { reports: waiting.reports, 'sign-ups': waiting.signUps }
  const shown = groups.map(({ label, places }) => {
    const pages = places
      .filter((place) => !('isForAdmins' in place) || hasRole(who, 'admin'))
      .map((place) => ({
        path: place.path,
        label: t(place.label),
        isCurrent: place.name === current,
        count: counts[place.name] ?? 0
      }))
    const isCurrent = pages.some((each) => each.isCurrent)
    const count = pages.reduce((sum, each) => sum + each.count, 0)
    return { tab: { path: pages[0]!.path, label: t(label), isCurrent, count }, pages }
  })
  const { pages = [] } = shown.find(({ tab }) => tab.isCurrent) ?? {}
  return { groups: shown.map(({ tab }) => tab), pages: pages.length > 1 ? pages : [] }
}
