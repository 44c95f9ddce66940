import { and, eq, isNull, or } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { sessions, users } from '#db/schema/sign-in.ts'
import type { Account, User } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { clearAttempts, countAttemptNow, forgiveAttempt, networkOf } from '#server/sign-in/attempts.ts'
import { emailKeyOf } from '#server/sign-in/credentials.ts'
import { resendConfirmation } from '#server/sign-in/confirm-email.ts'
import { hashToken } from '#server/sign-in/find-session.ts'
import { noteAttempt } from '#server/sign-in/history.ts'
import { openSession } from '#server/sign-in/open-session.ts'
import { hashOf } from '#server/sign-in/prove.ts'
import { takeRecoveryCode } from '#server/sign-in/recovery-codes.ts'
import { refuseWaiting } from '#server/sign-in/refuse-waiting.ts'
import { startStep } from '#server/sign-in/second-step.ts'
import type { Browser } from '#server/sign-in/sessions.ts'
import { verifyPasskey } from '#server/sign-in/use-passkey.ts'
import { asksSecondStep, findWaysIn } from '#server/sign-in/ways-in.ts'

const minuteMs = 60_000
/** Failures of one network, at whatever accounts. */
const networkLimit = { max: 30, windowMs: 10 * minuteMs }
/** Failures at one account from anywhere: nobody is locked out for longer than the window. */
const accountLimit = { max: 20, windowMs: 10 * minuteMs }

export interface SignIn {
  /** Name, handle or e-mail address. */
  login: string
  password: string
}

/** The token of the session that is open now, or of the step after which it will be (see second-step.ts). */
export type SignedIn = { token: string } | { step: string }

/**
 * Opens a session, or the step before it where a second factor is asked for; the token is always a new one. An unknown account and a wrong password get the same answer after the same
 * work. Refusals: `invalid`; `too-many` after too many failures of the network or at the account; `forbidden` when the
 * password is right but the account waits or is suspended.
 */
export async function signIn(ctx: Context, { login, password }: SignIn, browser: Browser): Promise<SignedIn> {
  const { found, keys } = await countTry(ctx, login, browser)
  const isRight = await ctx.passwords.verify(hashOf(found?.user), password)
  if (!found || !isRight) {
    await ctx.transact((tx) => noteAttempt(tx, found?.user.accountId, { way: 'password', isGood: false, browser }))
    throw new Refusal('invalid', 'signIn.wrong')
  }
  // Whoever knows the password and waits for the mail gets another one.
  if (found.user.emailConfirmedAt === null) await resendConfirmation(ctx, found.user)
  refuseWaiting(found.account, found.user)
  const passwordHash = ctx.passwords.needsRehash(found.user.passwordHash) ? await ctx.passwords.hash(password) : undefined
  const token = ctx.random.token()
  return ctx.transact(async (tx) => {
    // Hashing takes its time: the password may have been changed, or the account suspended, meanwhile.
    const now = await findByLogin(tx, found.account.name)
    if (now?.user.passwordHash !== found.user.passwordHash) throw new Refusal('invalid', 'signIn.wrong')
    refuseWaiting(now.account, now.user)
    await forgiveAttempt(tx, keys.network)
    await clearAttempts(tx, keys.account)
    if (passwordHash !== undefined) {
      await tx.update(users).set({ passwordHash }).where(eq(users.accountId, found.user.accountId))
    }
    const { accountId } = now.user
    if (asksSecondStep(await findWaysIn(tx, now.user))) {
      await startStep(tx, accountId, token)
      return { step: token }
    }
    await openSession(tx, { accountId, token, browser, way: 'password' })
    return { token }
  })
}

/**
 * Opens a session for whoever holds a passkey: it tells who they are by itself. `holder` is the hash of the visitor's cookie. Refusals: `invalid` for a
 * signature that does not hold, `too-many`, `forbidden` when the account waits or is suspended.
 */
export async function signInByPasskey(
  ctx: Context,
  { answer, holder }: { answer: string; holder: string },
  browser: Browser
): Promise<string> {
  const networkKey = `sign-in network ${networkOf(browser.address)}`
  await countAttemptNow(ctx, networkKey, networkLimit)
  const { passkey, take } = await verifyPasskey(ctx, { purpose: 'sign-in', holder }, answer)
  const token = ctx.random.token()
  await ctx.transact(async (tx) => {
    const found = await findById(tx, passkey.accountId)
    if (!found) throw new Refusal('invalid', 'passkey.unknown')
    refuseWaiting(found.account, found.user)
    await take(tx)
    await forgiveAttempt(tx, networkKey)
    await openSession(tx, { accountId: passkey.accountId, token, browser, way: 'passkey' })
  })
  return token
}

/**
 * Opens a session for whoever has no password, and no passkey at hand, by one of their recovery codes. Everybody else gets the same answer as for a wrong
 * code: after a password it is asked for by the second step. Refusals as of `signIn`.
 */
export async function signInByRecovery(ctx: Context, { login, code }: { login: string; code: string }, browser: Browser): Promise<string> {
  const { found, keys } = await countTry(ctx, login, browser)
  const accountId = found && hashOf(found.user) === undefined ? found.user.accountId : undefined
  const token = ctx.random.token()
  const isRight = await ctx.transact(async (tx) => {
    const isTaken = await takeRecoveryCode(ctx, tx, accountId ?? 0, code)
    if (!isTaken || !found) {
      await noteAttempt(tx, found?.user.accountId, { way: 'recovery-code', isGood: false, browser })
      return false
    }
    refuseWaiting(found.account, found.user)
    await forgiveAttempt(tx, keys.network)
    await clearAttempts(tx, keys.account)
    await openSession(tx, { accountId: found.user.accountId, token, browser, way: 'recovery-code' })
    return true
  })
  if (!isRight) throw new Refusal('invalid', 'signIn.recoveryPairWrong')
  return token
}

/** Finds who is meant, and counts the attempt at the network and at the account. Refusal `too-many`. */
async function countTry(ctx: Context, login: string, browser: Browser) {
  const found = await findByLogin(ctx.db, login)
  const keys = {
    network: `sign-in network ${networkOf(browser.address)}`,
    account: await accountKeyFor(ctx.db, found?.user.accountId, login, browser.address)
  }
  await countAttemptNow(ctx, keys.network, networkLimit)
  await countAttemptNow(ctx, keys.account, accountLimit)
  return { found, keys }
}

async function findById(db: Reader, accountId: number): Promise<{ user: User; account: Account } | undefined> {
  const [found] = await db
    .select({ user: users, account: accounts })
    .from(users)
    .innerJoin(accounts, eq(accounts.id, users.accountId))
    .where(and(eq(users.accountId, accountId), isNull(accounts.deletedAt)))
  return found
}

async function findByLogin(db: Reader, login: string): Promise<{ user: User; account: Account } | undefined> {
  const key = emailKeyOf(login.trim().replace(/^@/, ''))
  const [found] = await db
    .select({ user: users, account: accounts })
    .from(users)
    .innerJoin(accounts, eq(accounts.id, users.accountId))
    .where(and(or(eq(users.emailKey, key), eq(accounts.nameKey, key)), isNull(accounts.deletedAt), isNull(accounts.domain)))
    .limit(1)
  return found
}

/**
 * Where failures at an account are counted. An address it was signed in from before counts by itself, so that somebody who guesses
 * from elsewhere cannot keep its owner out. For a login nobody has, the same is looked up and counted.
 */
async function accountKeyFor(db: Reader, accountId: number | undefined, login: string, address: string): Promise<string> {
  const known = await db
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(eq(sessions.accountId, accountId ?? 0), eq(sessions.address, address)))
    .limit(1)
  const whom = accountId === undefined ? `nobody ${hashToken(emailKeyOf(login.slice(0, 300)))}` : `account ${accountId}`
  return known.length > 0 ? `sign-in ${whom} from ${networkOf(address)}` : `sign-in ${whom}`
}
