import { eq } from 'drizzle-orm'
import { accountKeys, accounts } from '#db/schema/accounts.ts'
import { oneTimeTokens, users } from '#db/schema/sign-in.ts'
import { handleOf } from '#server/accounts/handle-of.ts'
import type { Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { record } from '#server/facts.ts'
import { checkReason } from '#server/moderation/moderate-account.ts'
import { recordAudit } from '#server/moderation/record-audit.ts'
import { getWaitingSignUp } from '#server/moderation/waiting-sign-up.ts'
import { enqueueMail } from '#server/sign-in/mails.ts'

/**
 * Turns down somebody who asked. All that they gave us (address, password, reason) is forgotten once a mail has told them, so that they may
 * ask again; the name stays taken, as every name that was ever given. Refuses `conflict` when that sign-up does not wait (any more).
 */
export async function rejectSignUp(ctx: Context, who: Who, input: { accountId: number; reason: string }): Promise<void> {
  const reason = checkReason(input.reason)
  await ctx.transact(async (tx) => {
    const { account, user } = await getWaitingSignUp(tx, who, input.accountId)
    await enqueueMail(tx, 'sign-up-rejected', { name: account.name, email: user.email, language: user.language })
    await tx.delete(oneTimeTokens).where(eq(oneTimeTokens.accountId, account.id))
    await tx.delete(users).where(eq(users.accountId, account.id))
    await tx.delete(accountKeys).where(eq(accountKeys.accountId, account.id))
    await tx.update(accounts).set({ deletedAt: tx.now }).where(eq(accounts.id, account.id))
    await recordAudit(tx, who, {
      act: 'sign-up-rejected',
      targetKind: 'account',
      target: String(account.id),
      targetLabel: handleOf(account),
      reason
    })
    await record(tx, 'sign-up-rejected', { accountId: account.id })
  })
}
