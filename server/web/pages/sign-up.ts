import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import * as v from 'valibot'
import type { Context } from '#server/context.ts'
import { cutCharacters } from '#server/platform/clean-text.ts'
import { emailCharactersShown, passwordCharactersMin } from '#server/sign-in/credentials.ts'
import { signUp } from '#server/sign-in/sign-up.ts'
import { browserOf } from '#server/web/browser.ts'
import { setFlash } from '#server/web/flash.ts'
import { page } from '#server/web/page.ts'
import { submitted, Typed } from '#server/web/typed.ts'

const config = { access: 'anyone', cache: 'none' } as const

export function signUpRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/sign-up', { config }, async (request, reply) =>
    request.who ? reply.redirect('/home', 303) : show(request, reply, new Typed())
  )

  app.post(
    '/sign-up',
    { config },
    submitted(show, async (request, reply, form) => {
      const { consent, ...typed } = form.parse({
        name: v.string(),
        email: v.string(),
        password: v.string(),
        reason: v.string(),
        inviteCode: v.string(),
        consent: v.boolean()
      })
      await signUp(ctx, { ...typed, hasConsented: consent }, browserOf(request))
      setFlash(reply, 'good', 'flash.signUpMailed', { email: cutCharacters(typed.email.trim(), emailCharactersShown) })
      return reply.redirect('/sign-up/sent', 303)
    })
  )

  app.get('/sign-up/sent', { config }, (request, reply) => showWhatNext(ctx, request, reply))
}

async function show(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const { ctx } = request.server
  const { t } = request
  const { signUp: mode, rules } = await ctx.settings.get()
  if (mode === 'closed') return showClosed(request, reply)
  const given = (request.query as { invite?: unknown }).invite
  const view = {
    path: '/sign-up',
    mode,
    error: typed.error,
    name: typed.input('name'),
    handleSuffix: `@${ctx.config.handleDomain}`,
    email: typed.input('email'),
    password: typed.secret('password'),
    asksReason: mode === 'approval',
    reason: typed.input('reason'),
    asksInviteCode: mode === 'invite',
    inviteCode: typed.input('inviteCode', typeof given === 'string' ? given : ''),
    rules,
    consent: typed.check('consent'),
    passwordCharactersMin
  }
  return page(reply, 'sign-up', view, { title: t('signUp.heading'), status: typed.status, hasForm: true })
}

async function showClosed(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { t } = request
  const heading = t('signUp.closedHeading')
  const view = { heading, paragraphs: [t('signUp.closed')], links: [{ path: '/', label: t('errors.toFront') }], buttons: [] }
  return page(reply, 'message', view, { title: heading, status: request.method === 'POST' ? 403 : 200 })
}

/** The same for everybody, whether the address was known or not. */
async function showWhatNext(ctx: Context, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { t } = request
  const { signUp: mode } = await ctx.settings.get()
  const heading = t('signUp.doneHeading')
  const paragraphs = [t('signUp.doneMail'), ...(mode === 'approval' ? [t('signUp.doneApproval')] : [])]
  const view = { heading, paragraphs, links: [{ path: '/sign-in', label: t('nav.signIn') }], buttons: [] }
  return page(reply, 'message', view, { title: heading })
}
