import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { handleOf } from '#server/accounts/handle-of.ts'
import type { Context } from '#server/context.ts'
import { createInvite, type Invite } from '#server/moderation/create-invite.ts'
import { listInvites } from '#server/moderation/list-invites.ts'
import { revokeInvite } from '#server/moderation/revoke-invite.ts'
import { moderators } from '#server/web/admin/access.ts'
import { adminTabs } from '#server/web/admin/views/admin-tabs.ts'
import { type IdRequest, idAsked } from '#server/web/asked.ts'
import { setFlash } from '#server/web/flash.ts'
import { page } from '#server/web/page.ts'
import { blank, submitted, type Typed } from '#server/web/typed.ts'
import { pageAsked, toPager } from '#server/web/views/timeline-view.ts'
import { viewTime } from '#server/web/views/view-time.ts'

/** Invitations: links that let somebody in while sign-up is by invitation. */
export function inviteRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/invites', { config: moderators }, blank(show))

  app.post(
    '/invites',
    { config: moderators },
    submitted(show, async (request, reply, form) => {
      const days = form.text('days').trim()
      await createInvite(ctx, request.who!, { uses: wholeNumber(form.text('uses')), days: days === '' ? null : wholeNumber(days) })
      setFlash(reply, 'good', 'flash.inviteCreated')
      return reply.redirect('/admin/invites', 303)
    })
  )

  app.post<IdRequest>('/invites/:id/revocation', { config: moderators }, async (request, reply) => {
    await revokeInvite(ctx, request.who!, { inviteId: idAsked(request) })
    setFlash(reply, 'good', 'flash.inviteRevoked')
    return reply.redirect('/admin/invites', 303)
  })
}

/** As typed by a person; NaN for anything else, which the action refuses with the field named. */
function wholeNumber(typed: string): number {
  return /^\s*\d{1,9}\s*$/.test(typed) ? Number(typed) : Number.NaN
}

async function show(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const { t, server } = request
  const { ctx } = server
  const { rows, olderCursor } = await listInvites(ctx.db, pageAsked(request))
  const { signUp } = await ctx.settings.get()
  const view = {
    adminTabs: await adminTabs(request, 'invites'),
    path: '/admin/invites',
    error: typed.error,
    isInUse: signUp === 'invite',
    uses: typed.input('uses', '1'),
    days: typed.input('days', '7'),
    invites: rows.map(({ invite, maker, usedCount }) => {
      const state = stateOf(invite, ctx.clock.now())
      return {
        url: `${ctx.config.origin}/sign-up?invite=${invite.code}`,
        stateText: t(`admin.invite-${state}`),
        isOpen: state === 'open',
        makerText: maker ? handleOf(maker) : t('audit.byOperator'),
        usedCount,
        usesLeft: invite.usesLeft,
        expires: invite.expiresAt === null ? undefined : viewTime(request, invite.expiresAt),
        time: viewTime(request, invite.createdAt),
        revokePath: state === 'open' ? `/admin/invites/${invite.id}/revocation` : undefined
      }
    }),
    pager: toPager(request, olderCursor)
  }
  return page(reply, 'admin/invites', view, { title: t('admin.invites'), status: typed.status })
}

function stateOf({ isRevoked, usesLeft, expiresAt }: Invite, now: number): 'revoked' | 'used' | 'expired' | 'open' {
  if (isRevoked) return 'revoked'
  if (usesLeft <= 0) return 'used'
  return expiresAt !== null && expiresAt <= now ? 'expired' : 'open'
}
