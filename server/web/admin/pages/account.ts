import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import * as v from 'valibot'
import { handleOf } from '#server/accounts/handle-of.ts'
import type { Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { changeRole, roles } from '#server/moderation/change-role.ts'
import { endAccountSessions } from '#server/moderation/end-account-sessions.ts'
import { eraseAccount } from '#server/moderation/erase-account.ts'
import { getModeratedAccount } from '#server/moderation/moderate-account.ts'
import { resetFactors } from '#server/moderation/reset-factors.ts'
import { silenceAccount } from '#server/moderation/silence-account.ts'
import { suspendAccount } from '#server/moderation/suspend-account.ts'
import { unsilenceAccount } from '#server/moderation/unsilence-account.ts'
import { unsuspendAccount } from '#server/moderation/unsuspend-account.ts'
import { admins, moderators } from '#server/web/admin/access.ts'
import { viewAccount } from '#server/web/admin/views/view-account.ts'
import { asked, type IdRequest, idAsked } from '#server/web/asked.ts'
import { setFlash } from '#server/web/flash.ts'
import { page } from '#server/web/page.ts'
import { submitted, Typed } from '#server/web/typed.ts'
import { displayNameOf } from '#server/web/views/view-accounts.ts'

type Act = (ctx: Context, who: Who, input: { accountId: number; reason: string }) => Promise<void>

const reasonGiven = { reason: v.pipe(v.string(), v.trim(), v.minLength(1, 'form.required')) }

/** What a moderator may do to an account, as a noun below its page; all of these ask for a reason. */
const acts: Record<string, { act: Act; flash: string }> = {
  suspension: { act: suspendAccount, flash: 'flash.accountSuspended' },
  'suspension/lift': { act: unsuspendAccount, flash: 'flash.accountUnsuspended' },
  silence: { act: silenceAccount, flash: 'flash.accountSilenced' },
  'silence/lift': { act: unsilenceAccount, flash: 'flash.accountUnsilenced' }
}

/** One account: what is known of it, what was done about it, and what can be done. */
export function accountRoutes(app: FastifyInstance, ctx: Context): void {
  app.get<IdRequest>('/accounts/:id', { config: moderators }, async (request, reply) => show(request, reply, new Typed(), ''))

  for (const [noun, { act, flash }] of Object.entries(acts)) {
    app.post<IdRequest>(`/accounts/:id/${noun}`, { config: moderators }, (request, reply) =>
      submitted(showing(request, noun), async (_request, _reply, form) => {
        const { reason } = form.parse(reasonGiven)
        await act(ctx, request.who!, { accountId: idAsked(request), reason })
        return done(request, reply, flash)
      })(request, reply)
    )
  }

  app.post<IdRequest>('/accounts/:id/role', { config: admins }, (request, reply) =>
    submitted(showing(request, 'role'), async (_request, _reply, form) => {
      const { role } = form.parse({ role: v.picklist(roles, 'form.invalid') })
      await changeRole(ctx, request.who!, { accountId: idAsked(request), role })
      return done(request, reply, 'flash.roleChanged')
    })(request, reply)
  )

  app.post<IdRequest>('/accounts/:id/sessions/end', { config: moderators }, (request, reply) =>
    submitted(showing(request, 'sessions/end'), async () => {
      await endAccountSessions(ctx, request.who!, { accountId: idAsked(request) })
      return done(request, reply, 'flash.accountSessionsEnded')
    })(request, reply)
  )

  app.post<IdRequest>('/accounts/:id/factors/reset', { config: admins }, (request, reply) =>
    submitted(showing(request, 'factors/reset'), async (_request, _reply, form) => {
      const { reason } = form.parse(reasonGiven)
      await resetFactors(ctx, request.who!, { accountId: idAsked(request), reason })
      return done(request, reply, 'flash.factorsReset')
    })(request, reply)
  )

  // Asked once more, since nothing brings it back.
  app.post<IdRequest>('/accounts/:id/erasure', { config: admins }, (request, reply) =>
    submitted(showing(request, 'erasure'), async (_request, _reply, form) => {
      const { reason } = form.parse(reasonGiven)
      if (!form.has('isConfirmed')) return askForErasure(request, reply, reason)
      await eraseAccount(ctx, request.who!, { accountId: idAsked(request), reason })
      return done(request, reply, 'flash.accountErased')
    })(request, reply)
  )
}

/** Back to the report that was the reason, if there is one: it stands where it was left. */
function done(request: FastifyRequest<IdRequest>, reply: FastifyReply, flash: string): FastifyReply {
  setFlash(reply, 'good', flash)
  const reportId = reportOf(request)
  return reply.redirect(reportId === '' ? `/admin/accounts/${idAsked(request)}` : `/admin/reports/${reportId}`, 303)
}

/** Id of the report that somebody came from, as the address or the form has it; empty for none. */
function reportOf(request: FastifyRequest): string {
  const given = request.method === 'POST' ? request.form.text('report') : asked(request, 'report')
  return /^\d{1,16}$/.test(given) ? given : ''
}

/** Shows the page again with the one form as it was sent: `noun` names it. */
function showing(request: FastifyRequest<IdRequest>, noun: string) {
  return (_request: FastifyRequest, reply: FastifyReply, typed: Typed) => show(request, reply, typed, noun)
}

async function show(request: FastifyRequest<IdRequest>, reply: FastifyReply, typed: Typed, noun: string): Promise<FastifyReply> {
  const view = await viewAccount(request, idAsked(request), { typed, noun, reportId: reportOf(request) })
  return page(reply, 'admin/account', view, { title: view.account.handle, status: typed.status })
}

async function askForErasure(request: FastifyRequest<IdRequest>, reply: FastifyReply, reason: string): Promise<FastifyReply> {
  const { t, server } = request
  const { account } = await getModeratedAccount(server.ctx.db, request.who!, idAsked(request))
  const path = `/admin/accounts/${account.id}`
  const view = {
    heading: t('admin.eraseHeading', { handle: handleOf(account) }),
    consequences: [t('admin.eraseContent', { name: displayNameOf(account) }), t('admin.eraseElsewhere'), t('admin.eraseName')],
    path: `${path}/erasure`,
    label: t('admin.eraseConfirm'),
    isDangerous: true,
    cancelPath: path,
    hidden: [
      { name: 'reason', value: reason },
      { name: 'report', value: reportOf(request) },
      { name: 'isConfirmed', value: 'yes' }
    ],
    quoted: undefined,
    post: undefined,
    account: undefined
  }
  return page(reply, 'confirm', view, { title: view.heading })
}
