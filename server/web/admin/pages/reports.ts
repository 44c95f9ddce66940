import type { FastifyInstance } from 'fastify'
import type { Context } from '#server/context.ts'
import { listReports, reportStates } from '#server/moderation/list-reports.ts'
import { moderators } from '#server/web/admin/access.ts'
import { adminTabs } from '#server/web/admin/views/admin-tabs.ts'
import { reporterText } from '#server/web/admin/views/report-view.ts'
import { askedOf } from '#server/web/asked.ts'
import { page } from '#server/web/page.ts'
import { pageAsked, toPager } from '#server/web/views/timeline-view.ts'
import { viewAccounts } from '#server/web/views/view-accounts.ts'
import { viewTime } from '#server/web/views/view-time.ts'

/** What people and other servers reported. */
export function reportsRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/reports', { config: moderators }, async (request, reply) => {
    const { t } = request
    const state = askedOf(request, 'state', reportStates)
    const { rows, olderCursor } = await listReports(ctx.db, request.who!, { state }, pageAsked(request))
    const targets = await viewAccounts(
      ctx,
      rows.map(({ target }) => target)
    )
    const view = {
      adminTabs: await adminTabs(request, 'reports'),
      tabs: reportStates.map((each) => ({
        path: each === 'open' ? '/admin/reports' : `/admin/reports?state=${each}`,
        label: t(`admin.reports-${each}`),
        isCurrent: each === state
      })),
      reports: rows.map(({ report, reporter, postCount }, at) => ({
        path: `/admin/reports/${report.id}`,
        account: targets[at]!,
        reporterText: reporterText(reporter, t),
        categoryText: t(`report.category-${report.category}`),
        comment: report.comment,
        postCount,
        time: viewTime(request, report.createdAt)
      })),
      pager: toPager(request, olderCursor)
    }
    return page(reply, 'admin/reports', view, { title: t('admin.reports') })
  })
}
