import { findAccountByHandle } from '#server/accounts/find-account.ts'
import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'

/** The account that an operator named: `name`, `@name` or `@name@host`. Refuses `missing`. */
export async function getAccountByHandle(ctx: Context, typed: string): Promise<Account> {
  const account = await findAccountByHandle(ctx.db, typed, ctx.config)
  if (!account) throw new Refusal('missing', 'errors.noSuchAccount', {}, 'handle')
  return account
}
