import { eq } from 'drizzle-orm'
import { users } from '#db/schema/sign-in.ts'
import { handleOf } from '#server/accounts/handle-of.ts'
import type { Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { record } from '#server/facts.ts'
import { recordAudit } from '#server/moderation/record-audit.ts'
import { getWaitingSignUp } from '#server/moderation/waiting-sign-up.ts'
import { enqueueMail } from '#server/sign-in/mails.ts'

/** Lets somebody in who asked; a mail tells them. Refuses `conflict` when that sign-up does not wait (any more). */
export async function approveSignUp(ctx: Context, who: Who, input: { accountId: number }): Promise<void> {
  await ctx.transact(async (tx) => {
    const { account } = await getWaitingSignUp(tx, who, input.accountId)
    await tx.update(users).set({ approvedAt: tx.now }).where(eq(users.accountId, account.id))
    await enqueueMail(tx, 'sign-up-approved', { accountId: account.id })
    await recordAudit(tx, who, {
      act: 'sign-up-approved',
      targetKind: 'account',
      target: String(account.id),
      targetLabel: handleOf(account)
    })
    await record(tx, 'sign-up-approved', { accountId: account.id })
  })
}
