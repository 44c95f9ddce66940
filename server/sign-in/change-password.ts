import { eq } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { users } from '#db/schema/sign-in.ts'
import type { Person } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { checkEachInTurn, Refusal } from '#server/errors.ts'
import { countAttempt, countAttemptNow, networkOf } from '#server/sign-in/attempts.ts'
import { emailKeyOf, readEmail, refuseWeakPassword } from '#server/sign-in/credentials.ts'
import { enqueueMail, mailLimitKey, mailsPerAddress } from '#server/sign-in/mails.ts'
import { dropTokens, findToken, takeToken } from '#server/sign-in/one-time-tokens.ts'
import { requireProof } from '#server/sign-in/prove.ts'
import { type Browser, endSessions, startSession } from '#server/sign-in/sessions.ts'

const minuteMs = 60_000
/** Links that one network may ask for, for whatever addresses: each is a row and a job of ours, and may be a mail. */
const networkLimit = { max: 100, windowMs: 60 * minuteMs }

/** Changes one's password (or chooses one, where there was none) and ends every session; the one in hand goes on under the token returned. Refusals at `currentPassword` (see requireProof) and `newPassword`. */
export async function changePassword(
  ctx: Context,
  who: Person,
  { current, next }: { current: string; next: string },
  browser: Browser
): Promise<string> {
  const known = { name: who.account.name, email: who.user.email, host: ctx.config.handleDomain }
  await checkEachInTurn({
    currentPassword: () => requireProof(ctx, who, current, 'currentPassword'),
    newPassword: () => refuseWeakPassword(next, known, 'newPassword')
  })
  const passwordHash = await ctx.passwords.hash(next)
  const token = ctx.random.token()
  await ctx.transact(async (tx) => {
    await putPassword(tx, who.account.id, passwordHash)
    await startSession(tx, who.account.id, token, browser)
    await enqueueMail(tx, 'password-changed', { accountId: who.account.id })
  })
  return token
}

/** Somebody forgot their password. The answer and the work are the same whether anybody has the address. Refusals `invalid`, `too-many`. */
export async function requestPasswordReset(ctx: Context, typed: string, browser: Browser): Promise<void> {
  const email = readEmail(typed)
  await countAttemptNow(ctx, `reset network ${networkOf(browser.address)}`, networkLimit)
  await ctx.transact(async (tx) => {
    await countAttempt(tx, mailLimitKey(email), mailsPerAddress)
    await enqueueMail(tx, 'reset-password', { email })
  })
}

export async function isResetLink(ctx: Context, token: string): Promise<boolean> {
  return (await findToken(ctx.db, 'reset-password', token, ctx.clock.now())) !== undefined
}

/** The link from the mail was followed and a new password chosen: it proves the address, and ends every session. Refusals `gone`, `invalid`. */
export async function resetPassword(ctx: Context, token: string, next: string): Promise<void> {
  const found = await findToken(ctx.db, 'reset-password', token, ctx.clock.now())
  if (!found || found.accountId === null) throw new Refusal('gone', 'password.linkGone')
  const [whose] = await ctx.db
    .select({ account: accounts, user: users })
    .from(users)
    .innerJoin(accounts, eq(accounts.id, users.accountId))
    .where(eq(users.accountId, found.accountId))
  if (!whose) throw new Refusal('gone', 'password.linkGone')
  refuseWeakPassword(next, { name: whose.account.name, email: whose.user.email, host: ctx.config.handleDomain })
  const passwordHash = await ctx.passwords.hash(next)
  await ctx.transact(async (tx) => {
    const taken = await takeToken(tx, 'reset-password', token)
    if (!taken) throw new Refusal('gone', 'password.linkGone')
    await putPassword(tx, whose.account.id, passwordHash)
    const [now] = await tx.select().from(users).where(eq(users.accountId, whose.account.id))
    const isProved = now !== undefined && now.emailConfirmedAt === null && taken.email !== null && emailKeyOf(taken.email) === now.emailKey
    if (isProved) await tx.update(users).set({ emailConfirmedAt: tx.now }).where(eq(users.accountId, whose.account.id))
    await enqueueMail(tx, 'password-changed', { accountId: whose.account.id })
  })
}

/**
 * Sets a password's hash; whoever was signed in with the old one is out, and so is whoever holds a link to set another, or one that would put an
 * address of theirs (and with it the next password) in place of the owner's.
 */
export async function putPassword(tx: Tx, accountId: number, passwordHash: string): Promise<void> {
  await tx.update(users).set({ passwordHash }).where(eq(users.accountId, accountId))
  await endSessions(tx, accountId)
  await dropTokens(tx, 'reset-password', accountId)
  await dropTokens(tx, 'confirm-email', accountId)
}
