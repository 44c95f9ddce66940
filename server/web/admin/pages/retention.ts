import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '#server/context.ts'
import { changeRetention, previewRetention } from '#server/retention/change-retention.ts'
import { findLastPass } from '#server/retention/find-pass.ts'
import { type RetentionLimits, retentionLimits } from '#server/retention/limits.ts'
import { admins } from '#server/web/admin/access.ts'
import { adminTabs } from '#server/web/admin/views/admin-tabs.ts'
import { viewPass } from '#server/web/admin/views/retention-view.ts'
import { setFlash } from '#server/web/flash.ts'
import type { Form } from '#server/web/form.ts'
import { page } from '#server/web/page.ts'
import { blank, submitted, type Typed } from '#server/web/typed.ts'

/** What of other servers is kept, and what would go by other limits before they are set. */
export function retentionRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/retention', { config: admins }, blank(show))

  app.post(
    '/retention',
    { config: admins },
    submitted(show, async (request, reply, form) => {
      await changeRetention(ctx, request.who!, readLimits(form))
      setFlash(reply, 'good', 'flash.saved')
      return reply.redirect('/admin/retention', 303)
    })
  )

  app.post(
    '/retention/preview',
    { config: admins },
    submitted(show, async (request, reply, form) => {
      await previewRetention(ctx, request.who!, readLimits(form))
      return reply.redirect('/admin/retention', 303)
    })
  )
}

function readLimits(form: Form): Required<RetentionLimits> {
  const number = (name: string) => {
    const typed = form.text(name).trim()
    return /^\d{1,10}$/.test(typed) ? Number(typed) : Number.NaN
  }
  return {
    strangerPostDays: number('strangerPostDays'),
    followedPostDays: number('followedPostDays'),
    remotePostsMax: number('remotePostsMax'),
    pictureDays: number('pictureDays'),
    strangerAccountDays: number('strangerAccountDays')
  }
}

async function show(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const { t, server } = request
  const { ctx } = server
  const preview = await findLastPass(ctx.db, 'preview')
  const lastSweep = await findLastPass(ctx.db, 'sweep', 'ended')
  // Whoever tried other limits goes on from those.
  const limits = { ...(await retentionLimits(ctx)), ...preview?.limits }
  const input = (name: keyof RetentionLimits) => typed.input(name, String(limits[name]))
  const view = {
    adminTabs: await adminTabs(request, 'retention'),
    path: '/admin/retention',
    error: typed.error,
    strangerPostDays: input('strangerPostDays'),
    followedPostDays: input('followedPostDays'),
    remotePostsMax: input('remotePostsMax'),
    pictureDays: input('pictureDays'),
    strangerAccountDays: input('strangerAccountDays'),
    preview: preview && (await viewPass(request, preview)),
    lastSweep: lastSweep && (await viewPass(request, lastSweep))
  }
  return page(reply, 'admin/retention', view, { title: t('admin.retention'), status: typed.status })
}
