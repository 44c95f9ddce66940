import { and, eq, exists, inArray, isNull, lte, not } from 'drizzle-orm'
import { accountKeys, accounts } from '#db/schema/accounts.ts'
import { signInAttempts } from '#db/schema/factors.ts'
import { follows } from '#db/schema/follows.ts'
import { oneTimeTokens, sessions, users } from '#db/schema/sign-in.ts'
import type { Context } from '#server/context.ts'
import { sweepAttempts } from '#server/sign-in/attempts.ts'
import { sweepChallenges } from '#server/sign-in/passkey-challenges.ts'
import { sweepSteps } from '#server/sign-in/second-step.ts'

const dayMs = 86_400_000
/** A sign-up whose address nobody confirmed for so long is forgotten, name and all: nobody ever saw it. */
const unconfirmedMs = 7 * dayMs
const batch = 100

/** Takes away what is over: sessions, links, counts of attempts, answered challenges, and sign-ups that were never confirmed. */
export async function sweepSignIn(ctx: Context): Promise<void> {
  await ctx.transact(async (tx) => {
    await tx.delete(sessions).where(lte(sessions.expiresAt, tx.now))
    await tx.delete(oneTimeTokens).where(lte(oneTimeTokens.expiresAt, tx.now))
    await sweepAttempts(tx)
    await sweepChallenges(tx)
    await sweepSteps(tx)
    // Tries at names that nobody has tell nobody anything.
    await tx.delete(signInAttempts).where(isNull(signInAttempts.accountId))
    const isKnownToSomebody = exists(tx.select({ id: follows.id }).from(follows).where(eq(follows.followedId, users.accountId)))
    const old = await tx
      .select({ id: users.accountId })
      .from(users)
      .where(
        and(isNull(users.emailConfirmedAt), isNull(users.lastSeenAt), lte(users.createdAt, tx.now - unconfirmedMs), not(isKnownToSomebody))
      )
      .limit(batch)
    const ids = old.map(({ id }) => id)
    if (ids.length === 0) return
    await tx.delete(oneTimeTokens).where(inArray(oneTimeTokens.accountId, ids))
    await tx.delete(sessions).where(inArray(sessions.accountId, ids))
    await tx.delete(users).where(inArray(users.accountId, ids))
    await tx.delete(accountKeys).where(inArray(accountKeys.accountId, ids))
    await tx.delete(accounts).where(inArray(accounts.id, ids))
  })
}
