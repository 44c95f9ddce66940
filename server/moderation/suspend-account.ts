import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { oneTimeTokens, sessions } from '#db/schema/sign-in.ts'
import { handleOf } from '#server/accounts/handle-of.ts'
import type { Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { record } from '#server/facts.ts'
import { checkReason, getModeratedAccount } from '#server/moderation/moderate-account.ts'
import { recordAudit } from '#server/moderation/record-audit.ts'

/**
 * Hides an account and all it wrote, at once and everywhere here, and (one of ours) ends its sessions. Nothing is deleted, so lifting it
 * brings everything back. Refuses `conflict` when it is suspended here already.
 */
export async function suspendAccount(ctx: Context, who: Who, input: { accountId: number; reason: string }): Promise<void> {
  const reason = checkReason(input.reason)
  await ctx.transact(async (tx) => {
    const { account, user } = await getModeratedAccount(tx, who, input.accountId)
    if (account.suspendedAt !== null && account.suspendedBy === 'here') throw new Refusal('conflict', 'errors.alreadySuspended')
    await tx.update(accounts).set({ suspendedAt: tx.now, suspendedBy: 'here' }).where(eq(accounts.id, account.id))
    if (user) {
      await tx.delete(sessions).where(eq(sessions.accountId, account.id))
      await tx.delete(oneTimeTokens).where(eq(oneTimeTokens.accountId, account.id))
    }
    await recordAudit(tx, who, {
      act: 'account-suspended',
      targetKind: 'account',
      target: String(account.id),
      targetLabel: handleOf(account),
      reason
    })
    await record(tx, 'account-suspended', { accountId: account.id })
  })
}
