import { eq } from 'drizzle-orm'
import { oneTimeTokens } from '#db/schema/sign-in.ts'
import { handleOf } from '#server/accounts/handle-of.ts'
import type { Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { record } from '#server/facts.ts'
import { getModeratedAccount } from '#server/moderation/moderate-account.ts'
import { recordAudit } from '#server/moderation/record-audit.ts'
import { endSessions } from '#server/sign-in/sessions.ts'

/** Signs one of ours out everywhere and makes open links (a lost password's) useless; they may sign in again. Refuses `invalid` for remote accounts. */
export async function endAccountSessions(ctx: Context, who: Who, input: { accountId: number }): Promise<void> {
  await ctx.transact(async (tx) => {
    const { account, user } = await getModeratedAccount(tx, who, input.accountId)
    if (!user) throw new Refusal('invalid', 'errors.notOurs')
    await endSessions(tx, account.id)
    await tx.delete(oneTimeTokens).where(eq(oneTimeTokens.accountId, account.id))
    await recordAudit(tx, who, { act: 'sessions-ended', targetKind: 'account', target: String(account.id), targetLabel: handleOf(account) })
    await record(tx, 'sessions-ended', { accountId: account.id })
  })
}
