import { eraseRows } from '#server/accounts/erase-rows.ts'
import { handleOf } from '#server/accounts/handle-of.ts'
import { requireRole, type Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { checkReason, getModeratedAccount } from '#server/moderation/moderate-account.ts'
import { recordAudit } from '#server/moderation/record-audit.ts'

/**
 * Erases one of ours for good: whoever they were and how they signed in goes at once, all they wrote and uploaded in jobs that follow from the fact
 * `account-erased`, and other servers are told to forget them. The name stays taken. Refuses `forbidden` whoever is no admin, `invalid` for remote
 * accounts, and `conflict` unless the account is suspended, so that nothing is erased by one slip of the hand.
 */
export async function eraseAccount(ctx: Context, who: Who, input: { accountId: number; reason: string }): Promise<void> {
  requireRole(who, 'admin')
  const reason = checkReason(input.reason)
  await ctx.transact(async (tx) => {
    const { account } = await getModeratedAccount(tx, who, input.accountId)
    if (account.domain !== null) throw new Refusal('invalid', 'errors.notOurs')
    if (account.deletedAt !== null) throw new Refusal('conflict', 'errors.alreadyErased')
    if (account.suspendedAt === null) throw new Refusal('conflict', 'errors.suspendFirst')
    await eraseRows(tx, account.id)
    await recordAudit(tx, who, {
      act: 'account-erased',
      targetKind: 'account',
      target: String(account.id),
      targetLabel: handleOf(account),
      reason
    })
  })
}
