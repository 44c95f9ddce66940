import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { handleOf } from '#server/accounts/handle-of.ts'
import type { Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { record } from '#server/facts.ts'
import { checkReason, getModeratedAccount } from '#server/moderation/moderate-account.ts'
import { recordAudit } from '#server/moderation/record-audit.ts'

/** An account is offered to everybody again. Refuses `conflict` when it is not silenced. */
export async function unsilenceAccount(ctx: Context, who: Who, input: { accountId: number; reason: string }): Promise<void> {
  const reason = checkReason(input.reason)
  await ctx.transact(async (tx) => {
    const { account } = await getModeratedAccount(tx, who, input.accountId)
    if (account.silencedAt === null) throw new Refusal('conflict', 'errors.notSilenced')
    await tx.update(accounts).set({ silencedAt: null }).where(eq(accounts.id, account.id))
    await recordAudit(tx, who, {
      act: 'account-unsilenced',
      targetKind: 'account',
      target: String(account.id),
      targetLabel: handleOf(account),
      reason
    })
    await record(tx, 'account-unsilenced', { accountId: account.id })
  })
}
