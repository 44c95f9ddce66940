import type { FastifyRequest } from 'fastify'
import { hasRole } from '#server/accounts/who.ts'
import { countWaiting } from '#server/moderation/count-waiting.ts'
import type { AdminView } from '#server/web/admin/views/admin-views.ts'

const places = [
  { name: 'dashboard', path: '/admin', label: 'admin.dashboard' },
  { name: 'reports', path: '/admin/reports', label: 'admin.reports' },
  { name: 'sign-ups', path: '/admin/sign-ups', label: 'admin.signUps' },
  { name: 'accounts', path: '/admin/accounts', label: 'admin.accounts' },
  { name: 'domains', path: '/admin/domains', label: 'admin.domains' },
  { name: 'peers', path: '/admin/peers', label: 'admin.peers' },
  { name: 'first-contact', path: '/admin/first-contact', label: 'admin.firstContact' },
  { name: 'relays', path: '/admin/relays', label: 'admin.relays', isForAdmins: true },
  { name: 'invites', path: '/admin/invites', label: 'admin.invites' },
  { name: 'why', path: '/admin/why', label: 'admin.why' },
  { name: 'queue', path: '/admin/queue', label: 'admin.queue' },
  { name: 'retention', path: '/admin/retention', label: 'admin.retention', isForAdmins: true },
  { name: 'audit', path: '/admin/audit', label: 'admin.audit' },
  { name: 'settings', path: '/admin/settings', label: 'admin.settings', isForAdmins: true }
] as const

/** The pages of the panel in a row, with what waits on them. */
export async function adminTabs(request: FastifyRequest, current: (typeof places)[number]['name']): Promise<AdminView['adminTabs']> {
  const { t, who, server } = request
  const waiting = await countWaiting(server.ctx.db, who)
  const counts: Record<string, number> = { reports: waiting.reports, 'sign-ups': waiting.signUps }
  return places
    .filter((place) => !('isForAdmins' in place) || hasRole(who, 'admin'))
    .map(({ name, path, label }) => ({ path, label: t(label), isCurrent: name === current, count: counts[name] ?? 0 }))
}
