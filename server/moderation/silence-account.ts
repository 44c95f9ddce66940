import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { handleOf } from '#server/accounts/handle-of.ts'
import type { Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { record } from '#server/facts.ts'
import { checkReason, getModeratedAccount } from '#server/moderation/moderate-account.ts'
import { recordAudit } from '#server/moderation/record-audit.ts'

/** Keeps an account out of public timelines and of strangers' notifications; its followers notice nothing. Refuses `conflict` when it is silenced already. */
export async function silenceAccount(ctx: Context, who: Who, input: { accountId: number; reason: string }): Promise<void> {
  const reason = checkReason(input.reason)
  await ctx.transact(async (tx) => {
    const { account } = await getModeratedAccount(tx, who, input.accountId)
    if (account.silencedAt !== null) throw new Refusal('conflict', 'errors.alreadySilenced')
    await tx.update(accounts).set({ silencedAt: tx.now }).where(eq(accounts.id, account.id))
    await recordAudit(tx, who, {
      act: 'account-silenced',
      targetKind: 'account',
      target: String(account.id),
      targetLabel: handleOf(account),
      reason
    })
    await record(tx, 'account-silenced', { accountId: account.id })
  })
}
