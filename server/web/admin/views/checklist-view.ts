import type { FastifyRequest } from 'fastify'
import { hasRole } from '#server/accounts/who.ts'
import type { Examined } from '#server/doctor/examine.ts'
import type { AdminDashboardView, ChecklistItemView } from '#server/web/admin/views/admin-views.ts'

const stateOf = { ok: 'done', warn: 'open', fail: 'failed' } as const
/** Where one goes to see more of it. */
const pathOf: Record<string, string> = { queue: '/admin/queue' }

/** What the doctor found, and what a new instance needs besides, as a list to work through. */
export async function viewChecklist(
  request: FastifyRequest,
  findings: readonly Examined[]
): Promise<NonNullable<AdminDashboardView['checklist']>> {
  const { t, who, server } = request
  const isAdmin = hasRole(who, 'admin')
  const item = (label: string, state: ChecklistItemView['state'], text: string, path: string | undefined) => ({
    label: t(label),
    state,
    stateText: t(`admin.check-${state}`),
    text,
    path
  })
  const settings = await server.ctx.settings.get()
  const settingsPath = isAdmin ? '/admin/settings' : undefined
  const own = (name: string, isDone: boolean) =>
    item(
      `admin.firstStep-${name}`,
      isDone ? 'done' : 'open',
      t(isDone ? 'admin.firstStepDone' : `admin.firstStepHow-${name}`),
      settingsPath
    )
  const items = [
    ...findings.map((finding) => item(`doctor.${finding.check}`, stateOf[finding.level], textOf(request, finding), pathOf[finding.check])),
    own('rules', settings.rules.length > 0),
    own('description', settings.description !== ''),
    own('contact', settings.contactEmail !== '')
  ]
  return {
    items,
    doneCount: items.filter(({ state }) => state === 'done').length,
    dismissPath: isAdmin ? '/admin/checklist/dismissal' : undefined
  }
}

/** Not broken, and yet nothing is right for anybody while it stands. */
const pressing = ['mail', 'proxy']

/** What needs an act, worst first. Beside the checklist only what is broken, that mail reaches nobody, and that all share one address. */
export function warningsOf(request: FastifyRequest, findings: readonly Examined[], hasChecklist: boolean): AdminDashboardView['warnings'] {
  const shown = findings.filter(({ level, check }) => level === 'fail' || (level === 'warn' && (!hasChecklist || pressing.includes(check))))
  return shown
    .sort((a, b) => Number(b.level === 'fail') - Number(a.level === 'fail'))
    .map((finding) => ({
      text: textOf(request, finding),
      path: pathOf[finding.check],
      tone: finding.level === 'fail' ? ('bad' as const) : ('plain' as const)
    }))
}

function textOf({ t }: FastifyRequest, { key, remedy, values }: Examined): string {
  return remedy === undefined ? t(key, values) : `${t(key, values)} ${t(remedy, values)}`
}
