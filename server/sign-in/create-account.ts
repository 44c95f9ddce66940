import type { Role } from '#db/schema/sign-in.ts'
import { type Account, outranks, requireRole, type Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { checkCredentials, type Credentials, insertAccount, prepareAccount } from '#server/sign-in/new-account.ts'

/**
 * An account made by somebody who may: the operator on the command line, or an admin. Confirmed and approved at once. Reserved
 * names are allowed, but for that of the instance actor. An admin gives no role as high as their own.
 */
export async function createAccount(
  ctx: Context,
  who: Who,
  { role = 'person', ...typed }: Credentials & { role?: Role }
): Promise<Account> {
  requireRole(who, 'admin')
  if (who.kind === 'account' && !outranks(who.user.role, role)) throw new Refusal('forbidden', 'errors.roleTooHigh')
  const checked = checkCredentials(ctx, typed)
  const prepared = await prepareAccount(ctx, checked)
  return ctx.transact(async (tx) => {
    const { account } = await insertAccount(tx, ctx.config.origin, prepared, { role, emailConfirmedAt: tx.now, approvedAt: tx.now })
    return account
  })
}
