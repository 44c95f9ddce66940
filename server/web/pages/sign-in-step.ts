import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { hashToken } from '#server/sign-in/find-session.ts'
import { findStep, passStep, type SecondFactor } from '#server/sign-in/second-step.ts'
import { askToSign } from '#server/sign-in/use-passkey.ts'
import { findWaysIn } from '#server/sign-in/ways-in.ts'
import { browserOf } from '#server/web/browser.ts'
import { setFlash } from '#server/web/flash.ts'
import { type Form, requiredText } from '#server/web/form.ts'
import { page } from '#server/web/page.ts'
import { enter } from '#server/web/pages/sign-in.ts'
import { nextOf, withNext } from '#server/web/return-to.ts'
import { stepTokenOf } from '#server/web/session.ts'
import { blank, submitted, type Typed } from '#server/web/typed.ts'

const config = { access: 'anyone', cache: 'none' } as const
const paths = { code: '/sign-in/step', recovery: '/sign-in/step/recovery', passkey: '/sign-in/step/passkey' }

/** The second factor, after a right password in this very browser: the cookie it was given names the step, and nothing else does. */
export function signInStepRoutes(app: FastifyInstance, ctx: Context): void {
  const passing = (factorOf: (form: Form) => SecondFactor) =>
    submitted(show, async (request, reply, form) => {
      try {
        return await enter(ctx, request, reply, await passStep(ctx, stepTokenOf(request), factorOf(form), browserOf(request)))
      } catch (error) {
        if (error instanceof Refusal && error.kind === 'gone') return beginAgain(request, reply)
        throw error
      }
    })

  app.get(paths.code, { config }, blank(show))
  app.get(paths.recovery, { config }, blank(show))
  app.get(`${paths.passkey}/options`, { config }, async (request) => {
    const token = stepTokenOf(request)
    const step = await findStep(ctx.db, token, ctx.clock.now())
    if (token === undefined || !step) throw new Refusal('missing', 'signIn.stepGone')
    return askToSign(ctx, { purpose: 'second-step', holder: hashToken(token) }, step.account.id)
  })
  app.post(
    paths.code,
    { config },
    passing((form) => form.parse({ code: requiredText }))
  )
  app.post(
    paths.recovery,
    { config },
    passing((form) => ({ recoveryCode: form.parse({ code: requiredText }).code }))
  )
  app.post(
    paths.passkey,
    { config },
    passing((form) => ({ passkey: form.text('answer') }))
  )
}

/** The step took too long, or too many answers were wrong: the password comes first again. */
function beginAgain(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  setFlash(reply, 'bad', 'flash.stepGone')
  return reply.redirect(withNext('/sign-in', nextOf(request)), 303)
}

async function show(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const { ctx } = request.server
  const step = await findStep(ctx.db, stepTokenOf(request), ctx.clock.now())
  if (!step) return beginAgain(request, reply)
  const { t } = request
  const next = nextOf(request)
  const { hasCodeApp, passkeyCount } = await findWaysIn(ctx.db, step.user)
  const isRecovery = request.url.startsWith(paths.recovery)
  const path = isRecovery ? paths.recovery : paths.code
  const other = isRecovery
    ? { path: withNext(paths.code, next), label: t(hasCodeApp ? 'signIn.withApp' : 'signIn.withPasskey') }
    : undefined
  const view = {
    isRecovery,
    code: isRecovery || hasCodeApp ? { path: withNext(path, next), field: typed.input('code') } : undefined,
    passkey: passkeyCount > 0 && !isRecovery ? { path: withNext(paths.passkey, next), optionsPath: `${paths.passkey}/options` } : undefined,
    error: typed.error,
    otherLink: other ?? { path: withNext(paths.recovery, next), label: t('signIn.withRecovery') },
    backPath: withNext('/sign-in', next)
  }
  return page(reply, 'sign-in-step', view, { title: t('signIn.stepHeading'), status: typed.status, hasForm: true })
}
