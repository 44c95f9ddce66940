import type { FastifyRequest } from 'fastify'
import type { Person } from '#server/accounts/who.ts'
import { passkeysOf } from '#server/sign-in/passkeys.ts'
import { hasPassword, isProved } from '#server/sign-in/prove.ts'
import type { Typed } from '#server/web/typed.ts'
import type { ProofView } from '#server/web/views/security-views.ts'

/** What a form must ask before it does something dangerous; `field` is the name of its password, `pagePath` the page the form stands on. */
export async function viewProof(request: FastifyRequest, typed: Typed, pagePath: string, field = 'password'): Promise<ProofView> {
  const { ctx } = request.server
  const who = request.who as Person
  const password = typed.secret(field)
  const isAsked = password.error !== undefined || !(await isProved(ctx.db, who, ctx.clock.now()))
  const isKnown = hasPassword(who.user)
  const hasOther = isAsked && (!isKnown || (await passkeysOf(ctx.db, who.account.id)).length > 0)
  return {
    isAsked,
    password,
    hasPassword: isKnown,
    otherPath: hasOther ? `/settings/proof?next=${encodeURIComponent(pagePath)}` : undefined,
    otherLabel: request.t(isKnown ? 'proof.other' : 'proof.show')
  }
}
