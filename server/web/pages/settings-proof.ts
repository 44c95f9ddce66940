import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Person } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { passkeysOf } from '#server/sign-in/passkeys.ts'
import { hasPassword, requirePassword } from '#server/sign-in/prove.ts'
import { proveByPasskey, proveByRecovery } from '#server/sign-in/prove-otherwise.ts'
import { askToSign } from '#server/sign-in/use-passkey.ts'
import { requiredText } from '#server/web/form.ts'
import { page } from '#server/web/page.ts'
import { nextOf, safePath } from '#server/web/return-to.ts'
import { blank, submitted, type Typed } from '#server/web/typed.ts'

const config = { access: 'signed-in', cache: 'none' } as const
const path = '/settings/proof'
const paths = { page: path, passkey: `${path}/passkey`, options: `${path}/passkey/options`, code: `${path}/code` }

/** "Is it you?": where somebody signed in shows it once more, and goes on to what they were about to do. */
export function settingsProofRoutes(app: FastifyInstance, ctx: Context): void {
  app.get(paths.page, { config }, blank(show))
  app.get(paths.options, { config }, async (request) =>
    askToSign(ctx, { purpose: 'proof', holder: request.sessionHash! }, request.who!.account.id)
  )
  app.post(
    paths.page,
    { config },
    submitted(show, async (request, reply, form) => {
      await requirePassword(ctx, request.who!, form.parse({ password: requiredText }).password, 'password')
      return goOn(request, reply)
    })
  )
  app.post(
    paths.passkey,
    { config },
    submitted(show, async (request, reply, form) => {
      await proveByPasskey(ctx, request.who!, { answer: form.text('answer'), holder: request.sessionHash! })
      return goOn(request, reply)
    })
  )
  app.post(
    paths.code,
    { config },
    submitted(show, async (request, reply, form) => {
      await proveByRecovery(ctx, request.who!, form.text('code'))
      return goOn(request, reply)
    })
  )
}

function nextIn(request: FastifyRequest): string {
  return nextOf(request) ?? safePath(request.form.text('next')) ?? '/settings/security'
}

function goOn(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply.redirect(nextIn(request), 303)
}

async function show(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const who = request.who as Person
  const isKnown = hasPassword(who.user)
  const passkeys = await passkeysOf(request.server.ctx.db, who.account.id)
  const view = {
    password: isKnown ? { path: paths.page, field: typed.secret('password') } : undefined,
    passkey: passkeys.length > 0 ? { path: paths.passkey, optionsPath: paths.options } : undefined,
    code: isKnown ? undefined : { path: paths.code, field: typed.input('code') },
    error: typed.error,
    hidden: [{ name: 'next', value: nextIn(request) }]
  }
  return page(reply, 'settings-proof', view, { title: request.t('proof.heading'), status: typed.status })
}
