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
import { type Browser, startSession } from '#server/sign-in/sessions.ts'

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

/**
 * Opens a session and returns its token, always a new one. An unknown account and a wrong password get the same answer after the same
 * work. Refusals: `invalid`; `too-many` after too many failures of the network or at the account; `forbidden` when the
 * password is right but the account waits or is suspended.
 */
export async function signIn(ctx: Context, { login, password }: SignIn, browser: Browser): Promise<string> {
  const found = await findByLogin(ctx.db, login)
  const network = networkOf(browser.address)
  const networkKey = `sign-in network ${network}`
  const accountKey = await accountKeyFor(ctx.db, found?.user.accountId, login, browser.address)
  await countAttemptNow(ctx, networkKey, networkLimit)
  await countAttemptNow(ctx, accountKey, accountLimit)
  const isRight = await ctx.passwords.verify(found?.user.passwordHash, password)
  if (!found || !isRight) throw new Refusal('invalid', 'signIn.wrong')
  // Whoever knows the password and waits for the mail gets another one.
  if (found.user.emailConfirmedAt === null) await resendConfirmation(ctx, found.user)
  refuseWaiting(found.account, found.user)
  const passwordHash = ctx.passwords.needsRehash(found.user.passwordHash) ? await ctx.passwords.hash(password) : undefined
  const token = ctx.random.token()
  await ctx.transact(async (tx) => {
    // Hashing takes its time: the password may have been changed, or the account suspended, meanwhile.
    const now = await findByLogin(tx, found.account.name)
    if (now?.user.passwordHash !== found.user.passwordHash) throw new Refusal('invalid', 'signIn.wrong')
    refuseWaiting(now.account, now.user)
    await forgiveAttempt(tx, networkKey)
    await clearAttempts(tx, accountKey)
    if (passwordHash !== undefined) {
      await tx.update(users).set({ passwordHash }).where(eq(users.accountId, found.user.accountId))
    }
    await startSession(tx, found.user.accountId, token, browser)
  })
  return token
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

/** Told to whoever knows the password only. */
function refuseWaiting(account: Account, user: User): void {
  if (account.suspendedAt !== null) throw new Refusal('forbidden', 'signIn.suspended')
  if (user.emailConfirmedAt === null) throw new Refusal('forbidden', 'signIn.unconfirmed', { email: user.email })
  if (user.approvedAt === null) throw new Refusal('forbidden', 'signIn.unapproved')
}
