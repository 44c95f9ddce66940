import { eq } from 'drizzle-orm'
import { codeApps } from '#db/schema/factors.ts'
import { users } from '#db/schema/sign-in.ts'
import type { Person } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { dropTokens } from '#server/sign-in/one-time-tokens.ts'
import { enqueueMail } from '#server/sign-in/mails.ts'
import { hasPassword, requireProof } from '#server/sign-in/prove.ts'
import { endSessions } from '#server/sign-in/sessions.ts'
import { lockUser, refuseLockOut } from '#server/sign-in/ways-in.ts'

/**
 * From now on passkeys are the only way in (or, without one at hand, a recovery code); codes of an app, which only ever followed the password, go with it.
 * All other sessions end. Refusals: `invalid` at `password` without a proof; `conflict` unless two passkeys, or one and recovery codes, are there.
 */
export async function removePassword(ctx: Context, who: Person, password: string): Promise<void> {
  await requireProof(ctx, who, password, 'password')
  const accountId = who.account.id
  await ctx.transact(async (tx) => {
    const user = await lockUser(tx, accountId)
    if (!hasPassword(user)) throw new Refusal('conflict', 'waysIn.noPassword')
    await tx.update(users).set({ passwordHash: '', asksPasskey: false }).where(eq(users.accountId, accountId))
    await tx.delete(codeApps).where(eq(codeApps.accountId, accountId))
    await refuseLockOut(tx, accountId, 'waysIn.passkeysFirst')
    await dropTokens(tx, 'reset-password', accountId)
    await endSessions(tx, accountId, who.sessionId)
    await enqueueMail(tx, 'security', { accountId, what: 'passwordRemoved' })
  })
}
