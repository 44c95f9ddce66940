import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '#server/context.ts'
import { endSession } from '#server/sign-in/sessions.ts'
import { signIn } from '#server/sign-in/sign-in.ts'
import { browserOf } from '#server/web/browser.ts'
import { setFlash } from '#server/web/flash.ts'
import { requiredText } from '#server/web/form.ts'
import { page } from '#server/web/page.ts'
import { safePath } from '#server/web/return-to.ts'
import { carrySession, clearSession } from '#server/web/session.ts'
import { submitted, Typed } from '#server/web/typed.ts'

const config = { access: 'anyone', cache: 'none' } as const

export function signInRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/sign-in', { config }, async (request, reply) => {
    if (request.who) return reply.redirect(nextOf(request) ?? '/home', 303)
    return show(request, reply, new Typed())
  })

  app.post(
    '/sign-in',
    { config },
    submitted(show, async (request, reply, form) => {
      const input = form.parse({ login: requiredText, password: requiredText })
      const token = await signIn(ctx, input, browserOf(request))
      await forgetFormer(ctx, request)
      carrySession(ctx, request, reply, token)
      return reply.redirect(nextOf(request) ?? '/home', 303)
    })
  )

  app.post('/sign-out', { config }, async (request, reply) => {
    await forgetFormer(ctx, request)
    clearSession(ctx, reply)
    if (request.who) setFlash(reply, 'plain', 'flash.signedOut')
    return reply.redirect('/', 303)
  })
}

/** The session a browser had before ends with the cookie that named it. */
async function forgetFormer(ctx: Context, { who }: FastifyRequest): Promise<void> {
  const { sessionId } = who ?? {}
  if (who && sessionId !== undefined) await ctx.transact((tx) => endSession(tx, who.account.id, sessionId))
}

/** Where somebody was on the way to: a path of ours, or nothing. */
function nextOf(request: FastifyRequest): string | undefined {
  return safePath((request.query as { next?: unknown }).next)
}

async function show(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const { t } = request
  const next = nextOf(request)
  const { signUp } = await request.server.ctx.settings.get()
  const view = {
    path: next === undefined ? '/sign-in' : `/sign-in?next=${encodeURIComponent(next)}`,
    error: typed.error,
    login: typed.input('login'),
    password: typed.secret('password'),
    forgottenPath: '/password',
    signUpPath: signUp === 'closed' ? undefined : '/sign-up'
  }
  return page(reply, 'sign-in', view, { title: t('signIn.heading'), status: typed.status, hasForm: true })
}
