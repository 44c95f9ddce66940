import { eq } from 'drizzle-orm'
import { codeApps, passkeys, recoveryCodes } from '#db/schema/factors.ts'
import { oneTimeTokens, users } from '#db/schema/sign-in.ts'
import { handleOf } from '#server/accounts/handle-of.ts'
import { requireRole, type Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { record } from '#server/facts.ts'
import { checkReason, getModeratedAccount } from '#server/moderation/moderate-account.ts'
import { recordAudit } from '#server/moderation/record-audit.ts'
import { enqueueMail } from '#server/sign-in/mails.ts'
import { endSessions } from '#server/sign-in/sessions.ts'

/**
 * For one of ours who lost phone and paper: codes, recovery codes and passkeys are forgotten, all sessions end, and the password alone (or, without one, a link by
 * mail) lets them in again. They are told by mail. Refuses `forbidden` whoever is no admin, `invalid` for remote accounts.
 */
export async function resetFactors(ctx: Context, who: Who, input: { accountId: number; reason: string }): Promise<void> {
  requireRole(who, 'admin')
  const reason = checkReason(input.reason)
  await ctx.transact(async (tx) => {
    const { account, user } = await getModeratedAccount(tx, who, input.accountId)
    if (!user) throw new Refusal('invalid', 'errors.notOurs')
    for (const table of [codeApps, recoveryCodes, passkeys]) await tx.delete(table).where(eq(table.accountId, account.id))
    await tx.update(users).set({ asksPasskey: false }).where(eq(users.accountId, account.id))
    await endSessions(tx, account.id)
    await tx.delete(oneTimeTokens).where(eq(oneTimeTokens.accountId, account.id))
    await enqueueMail(tx, 'security', { accountId: account.id, what: 'factorsReset' })
    await recordAudit(tx, who, {
      act: 'factors-reset',
      targetKind: 'account',
      target: String(account.id),
      targetLabel: handleOf(account),
      reason
    })
    await record(tx, 'sessions-ended', { accountId: account.id })
  })
}
