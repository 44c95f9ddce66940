import { findAccountByHandle } from '#server/accounts/find-account.ts'
import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'

/** Whether an account is gone from every page: erased, suspended, or of a suspended server (that of its handle, or that of its actor). */
export function isHidden(account: Account): boolean {
  return account.deletedAt !== null || account.suspendedAt !== null || account.domainSeverity === 'suspend'
}

/** The account as any list may show it: of one that is hidden only the handle is left, so that a block or a mute can still be taken back. */
export function shownPartOf(account: Account): Account {
  return isHidden(account) ? { ...account, displayName: '', bioHtml: '', fields: [], avatarId: null, headerId: null } : account
}

/** Whether it is the actor of this very instance, which is nobody. */
export function isInstanceActor(account: Account): boolean {
  return account.domain === null && account.type === 'Application'
}

/**
 * The account of a handle as pages may show it; undefined when nobody of that handle is known here. Refusals: `gone` once it is erased, `missing`
 * while it or its server is suspended, and for the actor of the instance.
 */
export async function findShownAccount(ctx: Context, typed: string): Promise<Account | undefined> {
  const account = await findAccountByHandle(ctx.db, typed, ctx.config)
  if (!account) return undefined
  if (account.deletedAt !== null) throw new Refusal('gone', 'follow.gone')
  if (isInstanceActor(account)) throw new Refusal('missing', 'errors.missing')
  if (isHidden(account)) throw new Refusal('missing', 'errors.accountSuspended')
  return account
}
