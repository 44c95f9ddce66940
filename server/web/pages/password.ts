import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { cutCharacters } from '#server/platform/clean-text.ts'
import { isResetLink, requestPasswordReset, resetPassword } from '#server/sign-in/change-password.ts'
import { emailCharactersShown, passwordCharactersMin } from '#server/sign-in/credentials.ts'
import { tokenAsked } from '#server/web/asked.ts'
import { browserOf } from '#server/web/browser.ts'
import { setFlash } from '#server/web/flash.ts'
import { requiredText } from '#server/web/form.ts'
import { page } from '#server/web/page.ts'
import { clearSession } from '#server/web/session.ts'
import { blank, submitted, Typed } from '#server/web/typed.ts'

const config = { access: 'anyone', cache: 'none' } as const
const linkConfig = { ...config, isPathSecret: true } as const

/** A forgotten password: ask for a link by mail, and choose a new one behind it. */
export function passwordRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/password', { config }, blank(showForgotten))

  app.post(
    '/password',
    { config },
    submitted(showForgotten, async (request, reply, form) => {
      const { email } = form.parse({ email: requiredText })
      await requestPasswordReset(ctx, email, browserOf(request))
      setFlash(reply, 'plain', 'flash.resetMailed', { email: cutCharacters(email.trim(), emailCharactersShown) })
      return reply.redirect('/password/sent', 303)
    })
  )

  app.get('/password/sent', { config }, async (request, reply) => {
    const { t } = request
    const heading = t('password.sentHeading')
    const view = { heading, paragraphs: [t('password.sent')], links: [{ path: '/sign-in', label: t('nav.signIn') }], buttons: [] }
    return page(reply, 'message', view, { title: heading })
  })

  app.get('/password/:token', { config: linkConfig }, async (request, reply) => {
    if (!(await isResetLink(ctx, tokenAsked(request)))) throw new Refusal('gone', 'password.linkGone')
    return showNew(request, reply, new Typed())
  })

  app.post(
    '/password/:token',
    { config: linkConfig },
    submitted(showNew, async (request, reply, form) => {
      const { password } = form.parse({ password: requiredText })
      await resetPassword(ctx, tokenAsked(request), password)
      clearSession(ctx, reply)
      setFlash(reply, 'good', 'flash.passwordChanged')
      return reply.redirect('/sign-in', 303)
    })
  )
}

function showForgotten(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const view = { path: '/password', error: typed.error, email: typed.input('email') }
  return page(reply, 'password-forgotten', view, { title: request.t('password.forgottenHeading'), status: typed.status, hasForm: true })
}

function showNew(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const view = { path: request.url, error: typed.error, password: typed.secret('password'), passwordCharactersMin }
  return page(reply, 'password-new', view, { title: request.t('password.newHeading'), status: typed.status, hasForm: true })
}
