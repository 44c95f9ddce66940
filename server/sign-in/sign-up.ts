import { and, eq, gt, isNull, or, sql } from 'drizzle-orm'
import type { Reader, Tx } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { invites, users } from '#db/schema/sign-in.ts'
import { readLocalName, refuseReserved } from '#server/accounts/local-names.ts'
import type { Context } from '#server/context.ts'
import { checkEachInTurn, Refusal } from '#server/errors.ts'
import { cleanText, countCharacters } from '#server/platform/clean-text.ts'
import type { Settings } from '#server/platform/settings.ts'
import { countAttempt, countAttemptNow, networkOf } from '#server/sign-in/attempts.ts'
import { emailKeyOf, readEmail } from '#server/sign-in/credentials.ts'
import { enqueueMail, mailLimitKey, mailsPerAddress } from '#server/sign-in/mails.ts'
import { checkPassword, type Credentials, insertAccount, type PreparedAccount, prepareAccount } from '#server/sign-in/new-account.ts'
import type { Browser } from '#server/sign-in/sessions.ts'

const hourMs = 3_600_000
/** Accounts that may be asked for from one network; counted before passwords are hashed and keys made, which cost a tenth of a second each. */
const networkLimit = { max: 30, windowMs: hourMs }
export const reasonCharactersMax = 2_000

export interface SignUp extends Credentials {
  /** Why somebody wants to join: asked in mode approval. */
  reason: string
  inviteCode: string
  /** That the rules were read and agreed to. */
  hasConsented: boolean
}

/**
 * A stranger asks for an account. It exists for others once its address is confirmed and, in mode approval, a moderator said yes.
 * Somebody whose address has an account already gets the same answer as everybody, and a mail that says so. Refusals:
 * `forbidden` while sign-up is closed, `invalid` and `conflict` for each wrong field, `too-many` by network.
 */
export async function signUp(ctx: Context, input: SignUp, browser: Browser): Promise<void> {
  const settings = await ctx.settings.get()
  if (settings.signUp === 'closed') throw new Refusal('forbidden', 'signUp.closed')
  // The cheap reasons to say no come before the dear work.
  const { reason, ...checked } = await checkEachInTurn({
    inviteCode: () => (settings.signUp === 'invite' ? findInvite(ctx.db, input.inviteCode, ctx.clock.now()) : undefined),
    name: () => readFreeName(ctx.db, input.name),
    email: () => readEmail(input.email),
    password: () => checkPassword(ctx, input),
    reason: () => readReason(input.reason, settings),
    consent: () => requireConsent(input)
  })
  await countAttemptNow(ctx, `sign-up network ${networkOf(browser.address)}`, networkLimit)
  const prepared = await prepareAccount(ctx, checked)
  await ctx.transact((tx) => insertSignUp(tx, ctx, { settings, prepared, reason, inviteCode: input.inviteCode, browser }))
}

interface Asked {
  settings: Settings
  prepared: PreparedAccount
  reason: string
  inviteCode: string
  browser: Browser
}

async function insertSignUp(tx: Tx, ctx: Context, { settings, prepared, reason, inviteCode, browser }: Asked): Promise<void> {
  await countAttempt(tx, mailLimitKey(prepared.email), mailsPerAddress)
  const known = await accountOfEmail(tx, prepared.email)
  if (known !== undefined) {
    await enqueueMail(tx, 'address-known', { accountId: known })
    return
  }
  const invite = settings.signUp === 'invite' ? await useInvite(tx, inviteCode) : undefined
  const { account } = await insertAccount(tx, ctx.config.origin, prepared, {
    approvedAt: settings.signUp === 'approval' ? null : tx.now,
    signUpReason: reason === '' ? null : reason,
    signUpAddress: browser.address,
    inviteId: invite ?? null,
    rulesAcceptedAt: tx.now,
    rulesAccepted: settings.rules,
    language: settings.language
  })
  await enqueueMail(tx, 'confirm-email', { accountId: account.id, email: prepared.email })
}

async function readFreeName(db: Reader, typed: string): Promise<string> {
  const name = readLocalName(typed)
  refuseReserved(name)
  if (await isNameTaken(db, name)) throw new Refusal('conflict', 'form.nameTaken', {}, 'name')
  return name
}

function readReason(typed: string, settings: Settings): string {
  const reason = cleanText(typed).trim()
  if (settings.signUp === 'approval' && reason === '') throw new Refusal('invalid', 'form.required', {}, 'reason')
  if (countCharacters(reason) > reasonCharactersMax) throw new Refusal('invalid', 'form.tooLong', { limit: reasonCharactersMax }, 'reason')
  return reason
}

function requireConsent({ hasConsented }: SignUp): void {
  if (!hasConsented) throw new Refusal('invalid', 'signUp.consentMissing', {}, 'consent')
}

async function isNameTaken(db: Reader, name: string): Promise<boolean> {
  const found = await db
    .select({ id: accounts.id })
    .from(accounts)
    .where(and(eq(accounts.nameKey, name), isNull(accounts.domain)))
  return found.length > 0
}

async function accountOfEmail(db: Reader, email: string): Promise<number | undefined> {
  const [found] = await db
    .select({ id: users.accountId })
    .from(users)
    .where(eq(users.emailKey, emailKeyOf(email)))
  return found?.id
}

/** An invite that can still be used. Refusal `invalid` at the field `inviteCode`. */
export async function findInvite(db: Reader, code: string, now: number): Promise<number> {
  const [found] = await db.select({ id: invites.id }).from(invites).where(isOpenInvite(code, now))
  if (!found) throw new Refusal('invalid', 'signUp.inviteUnknown', {}, 'inviteCode')
  return found.id
}

async function useInvite(tx: Tx, code: string): Promise<number> {
  const [used] = await tx
    .update(invites)
    .set({ usesLeft: sql`${invites.usesLeft} - 1` })
    .where(isOpenInvite(code, tx.now))
    .returning({ id: invites.id })
  if (!used) throw new Refusal('invalid', 'signUp.inviteUnknown', {}, 'inviteCode')
  return used.id
}

function isOpenInvite(code: string, now: number) {
  return and(
    eq(invites.code, code.trim()),
    gt(invites.usesLeft, 0),
    eq(invites.isRevoked, false),
    or(isNull(invites.expiresAt), gt(invites.expiresAt, now))
  )
}
