import { and, eq, gt, lte, sql } from 'drizzle-orm'
import type { Reader, Tx } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { signInSteps } from '#db/schema/factors.ts'
import { users } from '#db/schema/sign-in.ts'
import type { Account, User } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { clearAttempts, countAttemptNow, forgiveAttempt, networkOf } from '#server/sign-in/attempts.ts'
import { takeCode } from '#server/sign-in/code-app.ts'
import { hashToken } from '#server/sign-in/find-session.ts'
import { noteAttempt, type Way } from '#server/sign-in/history.ts'
import { openSession } from '#server/sign-in/open-session.ts'
import { takeRecoveryCode } from '#server/sign-in/recovery-codes.ts'
import { refuseWaiting } from '#server/sign-in/refuse-waiting.ts'
import type { Browser } from '#server/sign-in/sessions.ts'
import { verifyPasskey } from '#server/sign-in/use-passkey.ts'

const minuteMs = 60_000
/** From the right password to the second factor. */
export const stepMs = 10 * minuteMs
/** Wrong answers after one right password; then it is asked for again. */
const failuresMax = 5
/** Wrong answers at one account, whatever happened to passwords in between: three codes in a million are right at a time. */
const accountLimit = { max: 10, windowMs: 60 * minuteMs }
const networkLimit = { max: 30, windowMs: 10 * minuteMs }

export interface Step {
  user: User
  account: Account
}

/** Notes that the password was right, in the caller's transaction. The token goes into a cookie of this browser, and nowhere else. */
export async function startStep(tx: Tx, accountId: number, token: string): Promise<void> {
  await tx.insert(signInSteps).values({ tokenHash: hashToken(token), accountId, createdAt: tx.now, expiresAt: tx.now + stepMs })
}

/** Whose second factor this browser is asked for; undefined when it is asked for none, or no longer. */
export async function findStep(db: Reader, token: string | undefined, now: number): Promise<Step | undefined> {
  if (token === undefined) return undefined
  const [found] = await db
    .select({ user: users, account: accounts })
    .from(signInSteps)
    .innerJoin(users, eq(users.accountId, signInSteps.accountId))
    .innerJoin(accounts, eq(accounts.id, signInSteps.accountId))
    .where(and(eq(signInSteps.tokenHash, hashToken(token)), gt(signInSteps.expiresAt, now)))
  return found
}

export async function sweepSteps(tx: Tx): Promise<void> {
  await tx.delete(signInSteps).where(lte(signInSteps.expiresAt, tx.now))
}

/** What was shown as the second factor. */
export type SecondFactor = { code: string } | { recoveryCode: string } | { passkey: string }

/**
 * Opens the session that the password began and returns its token. Refusals: `gone` when the step is over (the password comes first again), `invalid` at
 * `code` or for the passkey, `too-many`, `forbidden` as at sign-in.
 */
export async function passStep(ctx: Context, step: string | undefined, factor: SecondFactor, browser: Browser): Promise<string> {
  const found = await findStep(ctx.db, step, ctx.clock.now())
  if (step === undefined || !found) throw new Refusal('gone', 'signIn.stepGone')
  const accountId = found.account.id
  const keys = { account: `second step of ${accountId}`, network: `sign-in network ${networkOf(browser.address)}` }
  await countAttemptNow(ctx, keys.network, networkLimit)
  await countAttemptNow(ctx, keys.account, accountLimit)
  const way: Way = 'passkey' in factor ? 'passkey' : 'code' in factor ? 'code' : 'recovery-code'
  const token = ctx.random.token()
  try {
    const signed = 'passkey' in factor ? await verifySigned(ctx, step, accountId, factor.passkey) : undefined
    await ctx.transact(async (tx) => {
      // The step is used up first: of two answers at once, one opens a session.
      const taken = await tx
        .delete(signInSteps)
        .where(and(eq(signInSteps.tokenHash, hashToken(step)), gt(signInSteps.expiresAt, tx.now)))
        .returning({ accountId: signInSteps.accountId })
      if (taken.length === 0) throw new Refusal('gone', 'signIn.stepGone')
      refuseWaiting(found.account, found.user)
      if (signed) await signed.take(tx)
      else if ('code' in factor && !(await takeCode(ctx, tx, accountId, factor.code)))
        throw new Refusal('invalid', 'signIn.codeWrong', {}, 'code')
      else if ('recoveryCode' in factor && !(await takeRecoveryCode(ctx, tx, accountId, factor.recoveryCode)))
        throw new Refusal('invalid', 'signIn.recoveryWrong', {}, 'code')
      await forgiveAttempt(tx, keys.network)
      await clearAttempts(tx, keys.account)
      await openSession(tx, { accountId, token, browser, way })
    })
  } catch (error) {
    if (error instanceof Refusal && (error.kind === 'invalid' || error.kind === 'malformed'))
      await noteFailure(ctx, step, { accountId, way, browser })
    throw error
  }
  return token
}

async function verifySigned(ctx: Context, step: string, accountId: number, answer: string) {
  const verified = await verifyPasskey(ctx, { purpose: 'second-step', holder: hashToken(step) }, answer)
  if (verified.passkey.accountId !== accountId) throw new Refusal('invalid', 'passkey.unknown')
  return verified
}

async function noteFailure(
  ctx: Context,
  step: string,
  { accountId, way, browser }: { accountId: number; way: Way; browser: Browser }
): Promise<void> {
  await ctx.transact(async (tx) => {
    await noteAttempt(tx, accountId, { way, isGood: false, browser })
    const [failed] = await tx
      .update(signInSteps)
      .set({ failures: sql`${signInSteps.failures} + 1` })
      .where(eq(signInSteps.tokenHash, hashToken(step)))
      .returning()
    if (failed && failed.failures >= failuresMax) await tx.delete(signInSteps).where(eq(signInSteps.tokenHash, failed.tokenHash))
  })
}
