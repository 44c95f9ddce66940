import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { handleOf } from '#server/accounts/handle-of.ts'
import type { Context } from '#server/context.ts'
import { isNewHere } from '#server/first-run/welcome.ts'
import { findSession, hashToken } from '#server/sign-in/find-session.ts'
import { endSession } from '#server/sign-in/sessions.ts'
import { signIn, signInByPasskey, signInByRecovery } from '#server/sign-in/sign-in.ts'
import { askToSign } from '#server/sign-in/use-passkey.ts'
import { asked } from '#server/web/asked.ts'
import { browserOf } from '#server/web/browser.ts'
import { setFlash } from '#server/web/flash.ts'
import { requiredText } from '#server/web/form.ts'
import { page } from '#server/web/page.ts'
import { nextOf, withNext } from '#server/web/return-to.ts'
import { carrySession, carryStep, clearSession, visitorTokenFor } from '#server/web/session.ts'
import { blank, submitted, Typed } from '#server/web/typed.ts'

const config = { access: 'anyone', cache: 'none' } as const

/** Signing in by password, by passkey or, without either at hand, by a recovery code; and out. The second factor has a page of its own. */
export function signInRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/sign-in', { config }, async (request, reply) => {
    if (request.who && !isAgain(request)) return reply.redirect(nextOf(request) ?? '/home', 303)
    return show(request, reply, new Typed())
  })

  app.post(
    '/sign-in',
    { config },
    submitted(show, async (request, reply, form) => {
      const input = form.parse({ login: requiredText, password: requiredText })
      const result = await signIn(ctx, input, browserOf(request))
      if ('token' in result) return enter(ctx, request, reply, result.token)
      carryStep(ctx, reply, result.step)
      return reply.redirect(withNext('/sign-in/step', nextOf(request)), 303)
    })
  )

  app.get('/sign-in/passkey/options', { config }, async (request, reply) =>
    askToSign(ctx, { purpose: 'sign-in', holder: hashToken(visitorTokenFor(request, reply)) })
  )
  app.post(
    '/sign-in/passkey',
    { config },
    submitted(show, async (request, reply, form) => {
      const holder = hashToken(visitorTokenFor(request, reply))
      const token = await signInByPasskey(ctx, { answer: form.text('answer'), holder }, browserOf(request))
      return enter(ctx, request, reply, token)
    })
  )

  app.get('/sign-in/recovery', { config }, blank(showRecovery))
  app.post(
    '/sign-in/recovery',
    { config },
    submitted(showRecovery, async (request, reply, form) => {
      const input = form.parse({ login: requiredText, code: requiredText })
      const token = await signInByRecovery(ctx, input, browserOf(request))
      return enter(ctx, request, reply, token)
    })
  )

  app.post('/sign-out', { config }, async (request, reply) => {
    await forgetFormer(ctx, request)
    clearSession(ctx, reply)
    if (request.who) setFlash(reply, 'plain', 'flash.signedOut')
    return reply.redirect('/', 303)
  })
}

/** The session is open: its cookie takes the place of whatever this browser had. */
export async function enter(ctx: Context, request: FastifyRequest, reply: FastifyReply, token: string): Promise<FastifyReply> {
  await forgetFormer(ctx, request)
  carrySession(ctx, request, reply, token)
  return reply.redirect(nextOf(request) ?? (await firstPageOf(ctx, token)), 303)
}

/** Whoever has just come is shown whom they may follow; everybody else goes on where they read. */
async function firstPageOf(ctx: Context, token: string): Promise<string> {
  const found = await findSession(ctx.db, token, ctx.clock.now())
  return found && isNewHere(found) ? '/welcome' : '/home'
}

/** The session a browser had before ends with the cookie that named it. */
async function forgetFormer(ctx: Context, { who }: FastifyRequest): Promise<void> {
  const { sessionId } = who ?? {}
  if (who && sessionId !== undefined) await ctx.transact((tx) => endSession(tx, who.account.id, sessionId))
}

async function show(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const { t } = request
  const next = nextOf(request)
  const { signUp } = await request.server.ctx.settings.get()
  const view = {
    path: pathAgain(request),
    error: typed.error,
    notice: request.who && t('signIn.again', { handle: handleOf(request.who.account) }),
    login: { autofocus: !typed.isSent, ...typed.input('login') },
    password: typed.secret('password'),
    forgottenPath: '/password',
    signUpPath: signUp === 'closed' ? undefined : '/sign-up',
    passkey: { path: withNext('/sign-in/passkey', next), optionsPath: '/sign-in/passkey/options' },
    recoveryPath: withNext('/sign-in/recovery', next)
  }
  return page(reply, 'sign-in', view, { title: t('signIn.heading'), status: typed.status, hasForm: true })
}

/** Somebody signed in wants to sign in once more, or as somebody else. */
function isAgain(request: FastifyRequest): boolean {
  return asked(request, 'again') !== ''
}

function pathAgain(request: FastifyRequest): string {
  const path = withNext('/sign-in', nextOf(request))
  return isAgain(request) ? `${path}${path.includes('?') ? '&' : '?'}again=yes` : path
}

function showRecovery(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const view = {
    path: withNext('/sign-in/recovery', nextOf(request)),
    error: typed.error,
    login: typed.input('login'),
    code: typed.input('code')
  }
  return page(reply, 'sign-in-recovery', view, { title: request.t('signIn.recoveryHeading'), status: typed.status, hasForm: true })
}
