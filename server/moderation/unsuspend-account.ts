import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { handleOf } from '#server/accounts/handle-of.ts'
import type { Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { record } from '#server/facts.ts'
import { checkReason, getModeratedAccount } from '#server/moderation/moderate-account.ts'
import { recordAudit } from '#server/moderation/record-audit.ts'

/** Lifts a suspension set here; everything the account had shows again. Refuses `conflict` when there is none. */
export async function unsuspendAccount(ctx: Context, who: Who, input: { accountId: number; reason: string }): Promise<void> {
  const reason = checkReason(input.reason)
  await ctx.transact(async (tx) => {
    const { account } = await getModeratedAccount(tx, who, input.accountId)
    if (account.suspendedAt === null || account.suspendedBy !== 'here' || account.deletedAt !== null)
      throw new Refusal('conflict', 'errors.notSuspended')
    await tx.update(accounts).set({ suspendedAt: null, suspendedBy: null }).where(eq(accounts.id, account.id))
    await recordAudit(tx, who, {
      act: 'account-unsuspended',
      targetKind: 'account',
      target: String(account.id),
      targetLabel: handleOf(account),
      reason
    })
    await record(tx, 'account-unsuspended', { accountId: account.id })
  })
}
