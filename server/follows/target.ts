import { getAccount } from '#server/accounts/find-account.ts'
import type { Account, Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'

/** Who acts on whom: one of ours, and anybody else. Refusals `forbidden`, `missing`, `gone`, and `invalid` for oneself. */
export async function actorAndTarget(ctx: Context, who: Who, accountId: number): Promise<{ me: Account; target: Account }> {
  if (who.kind !== 'account') throw new Refusal('forbidden', 'follow.peopleOnly')
  const target = await getAccount(ctx.db, accountId)
  if (target.id === who.account.id) throw new Refusal('invalid', 'follow.oneself')
  return { me: who.account, target }
}
