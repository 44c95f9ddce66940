import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Person } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { changePassword } from '#server/sign-in/change-password.ts'
import { changeEmail } from '#server/sign-in/confirm-email.ts'
import { passwordCharactersMin } from '#server/sign-in/credentials.ts'
import { hasPassword } from '#server/sign-in/prove.ts'
import { browserOf } from '#server/web/browser.ts'
import { setFlash } from '#server/web/flash.ts'
import { page } from '#server/web/page.ts'
import { settingsTabs } from '#server/web/pages/settings-tabs.ts'
import { carrySession } from '#server/web/session.ts'
import { viewProof } from '#server/web/views/proof-view.ts'
import { blank, submitted, type Typed } from '#server/web/typed.ts'

const config = { access: 'signed-in', cache: 'none' } as const

export function settingsAccountRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/settings/account', { config }, blank(show))
  // Where its two forms are shown again after an error.
  for (const path of ['/settings/password', '/settings/email']) {
    app.get(path, { config }, async (_request, reply) => reply.redirect('/settings/account', 303))
  }

  app.post(
    '/settings/password',
    { config },
    submitted(show, async (request, reply, form) => {
      const input = { current: form.text('currentPassword'), next: form.text('newPassword') }
      const token = await changePassword(ctx, request.who!, input, browserOf(request))
      carrySession(ctx, request, reply, token)
      setFlash(reply, 'good', 'flash.passwordChanged')
      return reply.redirect('/settings/account', 303)
    })
  )

  app.post(
    '/settings/email',
    { config },
    submitted(show, async (request, reply, form) => {
      await changeEmail(ctx, request.who!, { email: form.text('newEmail'), password: form.text('password') })
      setFlash(reply, 'good', 'flash.confirmationSent')
      return reply.redirect('/settings/account', 303)
    })
  )
}

async function show(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const { user } = request.who as Person
  const isEmailForm = request.url === '/settings/email'
  const view = {
    tabs: settingsTabs(request, 'account'),
    email: user.email,
    isEmailConfirmed: user.emailConfirmedAt !== null,
    emailPath: '/settings/email',
    emailError: isEmailForm ? typed.error : undefined,
    newEmail: typed.input('newEmail'),
    emailProof: await viewProof(request, typed, '/settings/account'),
    passwordPath: '/settings/password',
    passwordError: isEmailForm ? undefined : typed.error,
    hasPassword: hasPassword(user),
    passwordProof: await viewProof(request, typed, '/settings/account', 'currentPassword'),
    newPassword: typed.secret('newPassword'),
    passwordCharactersMin,
    deletionPath: '/settings/account/deletion'
  }
  return page(reply, 'settings-account', view, { title: request.t('settings.account'), status: typed.status })
}
