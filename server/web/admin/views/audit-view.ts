import type { FastifyRequest } from 'fastify'
import { handleOf } from '#server/accounts/handle-of.ts'
import { hasRole } from '#server/accounts/who.ts'
import type { ListedAudit } from '#server/moderation/list-audit.ts'
import type { Translate } from '#server/platform/messages.ts'
import type { AuditRow } from '#server/web/admin/views/admin-views.ts'
import { viewTime } from '#server/web/views/view-time.ts'

/** What each setting is called on the page that changes it. */
export const settingLabels: Record<string, string> = {
  name: 'admin.instanceName',
  description: 'admin.description',
  contactEmail: 'admin.contactEmail',
  signUp: 'about.signUp',
  rules: 'about.rules',
  postCharactersMax: 'admin.postCharactersMax',
  timeZone: 'settings.timeZone',
  language: 'settings.language',
  linkPreviews: 'admin.linkPreviews',
  sourceUrl: 'admin.sourceUrl'
}

/** Entries of the audit log as sentences. */
export function viewAudit(request: FastifyRequest, rows: readonly ListedAudit[]): AuditRow[] {
  const { t } = request
  return rows.map(({ entry, actor }) => ({
    time: viewTime(request, entry.createdAt),
    who: actor ? handleOf(actor) : t(entry.actorKind === 'instance' ? 'audit.byInstance' : 'audit.byOperator'),
    what: sentenceOf(entry, request),
    targetPath: pathOf(entry, hasRole(request.who, 'admin')),
    reason: entry.reason === '' ? undefined : entry.reason
  }))
}

/** What an act is called in a list to choose from. */
export function actName(act: string, request: FastifyRequest): string {
  const key = `audit.name.${act}`
  return request.server.ctx.messages.has(key) ? request.t(key) : act.replaceAll('-', ' ')
}

function sentenceOf({ act, targetLabel, details }: ListedAudit['entry'], { t, server }: FastifyRequest): string {
  const key = `audit.${act}`
  const values = { ...wordsOf(details, t), target: act === 'settings-changed' ? settingsOf(details, t) : targetLabel }
  return server.ctx.messages.has(key) ? t(key, values) : t('audit.other', { act: act.replaceAll('-', ' '), target: targetLabel })
}

function wordsOf(details: Record<string, unknown>, t: Translate): Record<string, string | number> {
  const words: Record<string, string | number> = {}
  for (const [name, value] of Object.entries(details)) {
    if (typeof value === 'number') words[name] = value
    else if (typeof value === 'string') words[name] = name === 'from' || name === 'to' ? t(`role.${value}`) : value
  }
  return words
}

function settingsOf({ keys }: Record<string, unknown>, t: Translate): string {
  const labels = Array.isArray(keys) ? keys.map((key) => (settingLabels[String(key)] ? t(settingLabels[String(key)]!) : String(key))) : []
  return new Intl.ListFormat(t.language, { type: 'conjunction' }).format(labels.map((label) => `“${label}”`))
}

function pathOf({ act, targetKind, target }: ListedAudit['entry'], isAdmin: boolean): string | undefined {
  if (targetKind === 'account') return `/admin/accounts/${target}`
  if (targetKind === 'report') return `/admin/reports/${target}`
  if (targetKind === 'domain') return `/admin/domains?q=${encodeURIComponent(target)}`
  if (targetKind === 'invite') return '/admin/invites'
  if (targetKind === 'relay') return isAdmin ? '/admin/relays' : undefined
  if (targetKind === 'emoji') return act.endsWith('blocked') ? '/admin/emoji/elsewhere' : '/admin/emoji'
  if (targetKind === 'trend' || act === 'trends-changed') return '/admin/trends'
  if (act === 'welcome-changed') return isAdmin ? '/admin/welcome' : undefined
  if (act === 'first-contact-changed') return '/admin/first-contact'
  if (act === 'retention-changed') return isAdmin ? '/admin/retention' : undefined
  return act === 'settings-changed' && isAdmin ? '/admin/settings' : undefined
}
