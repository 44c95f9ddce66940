import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Person } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { deleteAccount, isLastOwner } from '#server/sign-in/delete-account.ts'
import { setFlash } from '#server/web/flash.ts'
import { showChange } from '#server/web/pages/security-change.ts'
import { clearSession } from '#server/web/session.ts'
import { blank, submitted, type Typed } from '#server/web/typed.ts'

const config = { access: 'signed-in', cache: 'none' } as const
const path = '/settings/account/deletion'

/** Deleting one's own account: what happens is said before, and nothing brings it back. */
export function settingsDeletionRoutes(app: FastifyInstance, ctx: Context): void {
  app.get(path, { config }, blank(show))
  app.post(
    path,
    { config },
    submitted(show, async (request, reply, form) => {
      await deleteAccount(ctx, request.who!, { name: form.text('name'), password: form.text('password') })
      clearSession(ctx, reply)
      setFlash(reply, 'plain', 'flash.accountDeleted')
      return reply.redirect('/', 303)
    })
  )
}

async function show(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const { t, server } = request
  const { account, user } = request.who as Person
  const isPossible = !(await isLastOwner(server.ctx.db, user))
  const name = `@${account.name}`
  return showChange(request, reply, typed, {
    heading: t('deletion.heading'),
    consequences: isPossible
      ? [t('deletion.content'), t('deletion.elsewhere'), t('deletion.name', { name }), t('deletion.sessions'), t('deletion.noWayBack')]
      : [t('deletion.lastOwner')],
    path,
    label: t('deletion.submit'),
    isDangerous: true,
    nameLabel: t('deletion.nameLabel', { name }),
    tab: 'account',
    links: isPossible ? [{ path: '/settings/moving', label: t('deletion.moveFirst') }] : [],
    isPossible
  })
}
