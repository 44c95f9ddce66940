import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { addAlias, removeAlias } from '#server/accounts/aliases.ts'
import { findAccountByUri } from '#server/accounts/find-account.ts'
import { handleOf } from '#server/accounts/handle-of.ts'
import { daysUntil, moveAccount, ownMoveCooldownMs, takeMoveBack } from '#server/accounts/move-account.ts'
import { findMoveAgainAt } from '#server/accounts/receive-move.ts'
import { isHidden } from '#server/accounts/shown-account.ts'
import type { Person } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { checkEachInTurn } from '#server/errors.ts'
import { requireProof } from '#server/sign-in/prove.ts'
import { setFlash } from '#server/web/flash.ts'
import { requiredText } from '#server/web/form.ts'
import { page } from '#server/web/page.ts'
import { settingsTabs } from '#server/web/pages/settings-tabs.ts'
import { blank, submitted, type Typed } from '#server/web/typed.ts'
import { viewProof } from '#server/web/views/proof-view.ts'
import type { LinkView } from '#server/web/views/form-view.ts'

const config = { access: 'signed-in', cache: 'none' } as const
const paths = {
  move: '/settings/moving/move',
  back: '/settings/moving/back',
  alias: '/settings/moving/aliases',
  removeAlias: '/settings/moving/aliases/remove'
}

/** `/settings/moving`: which other accounts are one's own (so that their followers may come here), and moving away. */
export function settingsMovingRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/settings/moving', { config }, blank(show))
  // Where its forms are shown again after an error.
  for (const path of Object.values(paths)) app.get(path, { config }, async (_request, reply) => reply.redirect('/settings/moving', 303))

  app.post(
    paths.alias,
    { config },
    submitted(show, async (request, reply, form) => {
      const { alias } = form.parse({ alias: requiredText })
      await addAlias(ctx, request.who!, alias)
      return done(reply, 'flash.saved')
    })
  )
  app.post(paths.removeAlias, { config }, async (request, reply) => {
    await removeAlias(ctx, request.who!, request.form.text('uri'))
    return done(reply, 'flash.saved')
  })
  app.post(
    paths.move,
    { config },
    submitted(show, async (request, reply, form) => {
      const { typed } = await checkEachInTurn({
        typed: () => form.parse({ target: requiredText }),
        password: () => requireProof(ctx, request.who!, form.text('password'), 'password')
      })
      await moveAccount(ctx, request.who!, typed.target)
      return done(reply, 'flash.moved')
    })
  )
  app.post(paths.back, { config }, async (request, reply) => {
    await takeMoveBack(ctx, request.who!)
    return done(reply, 'flash.movedBack')
  })
}

function done(reply: FastifyReply, key: string): FastifyReply {
  setFlash(reply, 'good', key)
  return reply.redirect('/settings/moving', 303)
}

async function show(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const { t } = request
  const { ctx } = request.server
  const { account } = request.who as Person
  const againAt = await findMoveAgainAt(ctx.db, account.id, ctx.clock.now(), ownMoveCooldownMs)
  const isAlias = request.url === paths.alias
  const view = {
    tabs: settingsTabs(request, 'moving'),
    handle: `@${account.name}@${ctx.config.handleDomain}`,
    moved: account.movedToUri === null ? undefined : { link: await linkOf(ctx, account.movedToUri), backPath: paths.back },
    waitText: againAt === undefined ? undefined : t('move.tooSoon', { days: daysUntil(againAt, ctx.clock.now()) }),
    movePath: paths.move,
    moveError: isAlias ? undefined : typed.error,
    target: typed.input('target'),
    proof: await viewProof(request, typed, '/settings/moving'),
    aliasPath: paths.alias,
    aliasError: isAlias ? typed.error : undefined,
    alias: typed.input('alias'),
    aliases: await Promise.all(
      account.alsoKnownAs.map(async (uri) => {
        const link = await linkOf(ctx, uri)
        return { link, uri, name: t('move.removeAliasName', { handle: link.label }), removePath: paths.removeAlias }
      })
    )
  }
  return page(reply, 'settings-moving', view, { title: t('settings.moving'), status: typed.status })
}

/** The page of another account here, else its own address. */
async function linkOf(ctx: Context, uri: string): Promise<LinkView> {
  const known = await findAccountByUri(ctx.db, uri)
  return known && !isHidden(known) ? { path: `/${handleOf(known)}`, label: handleOf(known) } : { path: uri, label: uri }
}
