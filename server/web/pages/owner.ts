import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import * as v from 'valibot'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { passwordCharactersMin } from '#server/sign-in/credentials.ts'
import { createOwner, isOwnerLink } from '#server/sign-in/owner-link.ts'
import { startSession } from '#server/sign-in/sessions.ts'
import { tokenAsked } from '#server/web/asked.ts'
import { browserOf } from '#server/web/browser.ts'
import { setFlash } from '#server/web/flash.ts'
import { page } from '#server/web/page.ts'
import { carrySession } from '#server/web/session.ts'
import { submitted, Typed } from '#server/web/typed.ts'

const config = { access: 'anyone', cache: 'none', isPathSecret: true } as const

/** The one-time link of the terminal: whoever has it becomes the owner. */
export function ownerRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/owner/:token', { config }, async (request, reply) => {
    if (!(await isOwnerLink(ctx, tokenAsked(request)))) throw new Refusal('gone', 'owner.linkGone')
    return show(request, reply, new Typed())
  })

  app.post(
    '/owner/:token',
    { config },
    submitted(show, async (request, reply, form) => {
      const account = await createOwner(ctx, tokenAsked(request), form.parse({ name: v.string(), email: v.string(), password: v.string() }))
      const token = ctx.random.token()
      await ctx.transact((tx) => startSession(tx, account.id, token, browserOf(request)))
      carrySession(ctx, request, reply, token)
      setFlash(reply, 'good', 'flash.ownerCreated')
      return reply.redirect('/admin', 303)
    })
  )
}

function show(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const view = {
    path: request.url,
    error: typed.error,
    name: typed.input('name'),
    handleSuffix: `@${request.server.ctx.config.handleDomain}`,
    email: typed.input('email'),
    password: typed.secret('password'),
    passwordCharactersMin
  }
  return page(reply, 'owner', view, { title: request.t('owner.heading'), status: typed.status, hasForm: true })
}
