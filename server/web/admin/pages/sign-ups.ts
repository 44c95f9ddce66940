import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '#server/context.ts'
import { approveSignUp } from '#server/moderation/approve-sign-up.ts'
import { listSignUps } from '#server/moderation/list-sign-ups.ts'
import { rejectSignUp } from '#server/moderation/reject-sign-up.ts'
import { moderators } from '#server/web/admin/access.ts'
import { adminTabs } from '#server/web/admin/views/admin-tabs.ts'
import { type IdRequest, idAsked } from '#server/web/asked.ts'
import { setFlash } from '#server/web/flash.ts'
import { page } from '#server/web/page.ts'
import { redirectBack } from '#server/web/return-to.ts'
import { submitted, Typed } from '#server/web/typed.ts'
import { pageAsked, toPager } from '#server/web/views/timeline-view.ts'
import { viewAccounts } from '#server/web/views/view-accounts.ts'
import { viewTime } from '#server/web/views/view-time.ts'

const blankForm = new Typed()

/** Who waits to be let in. */
export function signUpRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/sign-ups', { config: moderators }, (request, reply) => show(request, reply, blankForm))

  app.post<IdRequest>('/sign-ups/:id/approval', { config: moderators }, (request, reply) =>
    submitted(show, async () => {
      await approveSignUp(ctx, request.who!, { accountId: idAsked(request) })
      setFlash(reply, 'good', 'flash.signUpApproved')
      return redirectBack(request, reply, { otherwise: '/admin/sign-ups' })
    })(request, reply)
  )

  app.post<IdRequest>('/sign-ups/:id/rejection', { config: moderators }, (request, reply) =>
    submitted(
      (_request, _reply, typed) => show(request, reply, typed, idAsked(request)),
      async (_request, _reply, form) => {
        await rejectSignUp(ctx, request.who!, { accountId: idAsked(request), reason: form.text('reason') })
        setFlash(reply, 'good', 'flash.signUpRejected')
        return reply.redirect('/admin/sign-ups', 303)
      }
    )(request, reply)
  )
}

async function show(request: FastifyRequest, reply: FastifyReply, typed: Typed, rejectedId?: number): Promise<FastifyReply> {
  const { t, server } = request
  const { ctx } = server
  const { rows, olderCursor } = await listSignUps(ctx.db, pageAsked(request))
  const accounts = await viewAccounts(
    ctx,
    rows.map(({ account }) => account)
  )
  const view = {
    adminTabs: await adminTabs(request, 'sign-ups'),
    error: typed.error,
    signUps: rows.map(({ account, user }, at) => ({
      account: accounts[at]!,
      email: user.email,
      isEmailConfirmed: user.emailConfirmedAt !== null,
      reason: user.signUpReason ?? '',
      time: viewTime(request, account.createdAt),
      approvePath: `/admin/sign-ups/${account.id}/approval`,
      rejectPath: `/admin/sign-ups/${account.id}/rejection`,
      rejection: (account.id === rejectedId ? typed : blankForm).input('reason'),
      rejectionId: `reject-${account.id}`,
      isRejecting: account.id === rejectedId
    })),
    pager: toPager(request, olderCursor)
  }
  return page(reply, 'admin/sign-ups', view, { title: t('admin.signUps'), status: typed.status })
}
