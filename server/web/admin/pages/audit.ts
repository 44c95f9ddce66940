import type { FastifyInstance } from 'fastify'
import type { Context } from '#server/context.ts'
import { listActs, listAudit } from '#server/moderation/list-audit.ts'
import { moderators } from '#server/web/admin/access.ts'
import { adminTabs } from '#server/web/admin/views/admin-tabs.ts'
import { actName, viewAudit } from '#server/web/admin/views/audit-view.ts'
import { asked } from '#server/web/asked.ts'
import { page } from '#server/web/page.ts'
import { pageAsked, toPager } from '#server/web/views/timeline-view.ts'

/** Everything that was ever done here in the name of the instance, to search and never to change. */
export function auditRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/audit', { config: moderators }, async (request, reply) => {
    const { t } = request
    const acts = await listActs(ctx.db)
    const act = acts.find((each) => each === asked(request, 'act')) ?? ''
    const query = asked(request, 'q')
    const { rows, olderCursor } = await listAudit(ctx.db, { act, query }, pageAsked(request))
    const options = [{ value: '', label: t('admin.auditAll') }, ...acts.map((value) => ({ value, label: actName(value, request) }))]
    const view = {
      adminTabs: await adminTabs(request, 'audit'),
      query: { value: query, error: undefined },
      act: { options: options.map(({ value, label }) => ({ value, label, hint: undefined, isSelected: value === act })), error: undefined },
      rows: viewAudit(request, rows),
      pager: toPager(request, olderCursor)
    }
    return page(reply, 'admin/audit', view, { title: t('admin.audit') })
  })
}
