import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasRole } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { type Examined, examine } from '#server/doctor/examine.ts'
import { putChecklistAway } from '#server/moderation/put-checklist-away.ts'
import { admins, moderators } from '#server/web/admin/access.ts'
import { adminTabs } from '#server/web/admin/views/admin-tabs.ts'
import type { AdminDashboardView } from '#server/web/admin/views/admin-views.ts'
import { viewChecklist, warningsOf } from '#server/web/admin/views/checklist-view.ts'
import { countQueue, viewFigures, waitingOf } from '#server/web/admin/views/figures-view.ts'
import { page } from '#server/web/page.ts'

/** The first page of the panel: what waits, what failed, how the instance does. */
export function dashboardRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('', { config: moderators }, async (request, reply) => {
    const { checklistPutAwayAt } = await ctx.settings.get()
    return show(request, reply, await examined(ctx, true), checklistPutAwayAt === undefined)
  })

  // Also what asks the network or reads the whole database: only when somebody wants it.
  app.post('/examination', { config: admins }, async (request, reply) => show(request, reply, await examined(ctx, false), true))

  app.post('/checklist/dismissal', { config: admins }, async (request, reply) => {
    await putChecklistAway(ctx, request.who!)
    return reply.redirect('/admin', 303)
  })
}

async function examined(ctx: Context, isQuick: boolean): Promise<Examined[]> {
  return Array.fromAsync(examine(ctx, { isQuick }))
}

async function show(
  request: FastifyRequest,
  reply: FastifyReply,
  findings: readonly Examined[],
  hasChecklist: boolean
): Promise<FastifyReply> {
  const queue = await countQueue(request.server.ctx)
  const isAdmin = hasRole(request.who, 'admin')
  const view: AdminDashboardView = {
    adminTabs: await adminTabs(request, 'dashboard'),
    warnings: warningsOf(request, findings, hasChecklist),
    waiting: await waitingOf(request, queue),
    checklist: hasChecklist ? await viewChecklist(request, findings) : undefined,
    examinePath: isAdmin ? '/admin/examination' : undefined,
    figures: await viewFigures(request, queue)
  }
  return page(reply, 'admin/dashboard', view, { title: request.t('admin.dashboard') })
}
