import type { FastifyInstance, FastifyRequest } from 'fastify'
import { hasRole } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { countJobs, deadJobs } from '#server/jobs/count-jobs.ts'
import { retryFailed } from '#server/moderation/retry-failed.ts'
import { countDeliveries, deadDeliveries } from '#server/peers/count-deliveries.ts'
import { hostOf } from '#server/platform/host-names.ts'
import { readId } from '#server/platform/ids.ts'
import { admins, moderators } from '#server/web/admin/access.ts'
import { adminTabs } from '#server/web/admin/views/admin-tabs.ts'
import { viewLanes } from '#server/web/admin/views/lane-view.ts'
import { setFlash } from '#server/web/flash.ts'
import { page } from '#server/web/page.ts'
import { viewTime } from '#server/web/views/view-time.ts'

const failedMax = 50
const errorCharactersMax = 300

/** The work that waits, and what failed for good. */
export function queueRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/queue', { config: moderators }, async (request, reply) => {
    const now = ctx.clock.now()
    const lanes = viewLanes(request, await countJobs(ctx.db, now), await countDeliveries(ctx.db, now))
    const failed = await viewFailed(ctx, request)
    const view = {
      adminTabs: await adminTabs(request, 'queue'),
      lanes,
      failed: failed.slice(0, failedMax),
      hasMore: failed.length > failedMax,
      retryAllPath: failed.length > 0 && hasRole(request.who, 'admin') ? '/admin/queue/failed/retry' : undefined
    }
    return page(reply, 'admin/queue', view, { title: request.t('admin.queue') })
  })

  app.post('/queue/failed/retry', { config: admins }, async (request, reply) => {
    const typed = request.form.text('id')
    const which = typed === '' ? 'all' : readId(typed)
    if (which === undefined) throw new Refusal('missing', 'errors.missing')
    const { jobs, deliveries } = await retryFailed(ctx, request.who!, which)
    setFlash(reply, 'good', 'flash.failedRetried', { count: jobs + deliveries })
    return reply.redirect('/admin/queue', 303)
  })
}

async function viewFailed(ctx: Context, request: FastifyRequest) {
  const { t } = request
  const jobs = await deadJobs(ctx.db, failedMax + 1)
  const deliveries = await deadDeliveries(ctx.db, failedMax + 1)
  const all = [
    ...jobs.map((job) => ({ ...job, label: job.kind })),
    ...deliveries.map((delivery) => ({
      ...delivery,
      label: t('admin.deliveryTo', { host: hostOf(delivery.inboxUrl) ?? delivery.inboxUrl })
    }))
  ]
  const mayRetry = hasRole(request.who, 'admin')
  return all
    .sort((a, b) => (b.deadAt ?? 0) - (a.deadAt ?? 0) || b.id - a.id)
    .map(({ id, label, attempts, lastError, deadAt }) => ({
      id: String(id),
      label,
      attempts,
      error: (lastError ?? '').slice(0, errorCharactersMax),
      time: viewTime(request, deadAt ?? 0),
      retryPath: mayRetry ? '/admin/queue/failed/retry' : undefined,
      retryName: t('admin.retryName', { what: label })
    }))
}
