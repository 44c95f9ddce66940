import { and, eq, gt, isNotNull, isNull, lt } from 'drizzle-orm'
import { Secret, TOTP } from 'otpauth'
import type { Reader, Tx } from '#db/reader.ts'
import { codeApps } from '#db/schema/factors.ts'
import type { Person } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { countAttemptNow } from '#server/sign-in/attempts.ts'
import { enqueueMail } from '#server/sign-in/mails.ts'
import { requireProof } from '#server/sign-in/prove.ts'
import { makeRecoveryCodes, takeRecoveryCode } from '#server/sign-in/recovery-codes.ts'
import { findWaysIn, lockUser, refuseLockOut } from '#server/sign-in/ways-in.ts'

/** RFC 4226 recommends 160 bits. */
const secretBytes = 20
/** What every app on a phone knows: RFC 6238 with its defaults. */
const kind = { algorithm: 'SHA1', digits: 6, period: 30 } as const
/** Half minutes before and after the present one whose codes still count: clocks differ, and typing takes its time. */
const stepsAround = 1
/** A set-up that was begun is finished within an hour, or begun anew. */
const setUpMs = 3_600_000
/** Codes typed by somebody who is signed in: set-up and switching off. */
const typedLimit = { max: 20, windowMs: 600_000 }

export interface CodeAppSetUp {
  /** The secret in base32, to be typed where no picture can be read. */
  secret: string
  /** `otpauth:` address for the picture. */
  uri: string
}

/** Whether codes are asked for, or about to be. */
export async function hasCodeApp(db: Reader, accountId: number): Promise<boolean> {
  const found = await db.$count(codeApps, and(eq(codeApps.accountId, accountId), isNotNull(codeApps.confirmedAt)))
  return found > 0
}

/** Draws a new secret; it asks for nothing until a code of it was typed. Refusal `conflict` while codes are on. */
export async function startCodeApp(ctx: Context, who: Person): Promise<void> {
  const accountId = who.account.id
  const secretSealed = ctx.seal.seal(ctx.random.bytes(secretBytes))
  await ctx.transact(async (tx) => {
    await tx.delete(codeApps).where(and(eq(codeApps.accountId, accountId), isNull(codeApps.confirmedAt)))
    const written = await tx
      .insert(codeApps)
      .values({ accountId, secretSealed, createdAt: tx.now })
      .onConflictDoNothing()
      .returning({ accountId: codeApps.accountId })
    if (written.length === 0) throw new Refusal('conflict', 'codeApp.already')
  })
}

/** The set-up that was begun; undefined when there is none or it is too old. */
export async function findSetUp(ctx: Context, who: Person): Promise<CodeAppSetUp | undefined> {
  const [row] = await ctx.db.select().from(codeApps).where(isBeingSetUp(who.account.id, ctx.clock.now()))
  if (!row) return undefined
  const secret = openSecret(ctx, row.secretSealed)
  const { name } = await ctx.settings.get()
  const totp = new TOTP({ ...kind, secret, issuer: name.replaceAll(':', ' '), label: `${who.account.name}@${ctx.config.handleDomain}` })
  return { secret: secret.base32, uri: totp.toString() }
}

/**
 * Codes are asked for from now on. Returns new recovery codes, undefined when there are unused ones. Refusals: `gone` without a set-up, `invalid` at `code`
 * and `password`, `too-many`.
 */
export async function confirmCodeApp(ctx: Context, who: Person, typed: { code: string; password: string }): Promise<string[] | undefined> {
  const accountId = who.account.id
  await requireProof(ctx, who, typed.password, 'password')
  await countAttemptNow(ctx, `codes typed by ${accountId}`, typedLimit)
  return ctx.transact(async (tx) => {
    const user = await lockUser(tx, accountId)
    const [row] = await tx.select().from(codeApps).where(isBeingSetUp(accountId, tx.now))
    if (!row) throw new Refusal('gone', 'codeApp.setUpGone')
    const step = stepOf(ctx, row.secretSealed, typed.code, tx.now)
    if (step === undefined) throw new Refusal('invalid', 'codeApp.wrong', {}, 'code')
    await tx.update(codeApps).set({ confirmedAt: tx.now, lastStep: step }).where(eq(codeApps.accountId, accountId))
    await enqueueMail(tx, 'security', { accountId, what: 'codeAppOn' })
    const { recoveryCount } = await findWaysIn(tx, user)
    return recoveryCount > 0 ? undefined : makeRecoveryCodes(ctx, tx, accountId)
  })
}

/** Codes are asked for no longer. A recovery code does too, for whoever lost the phone. Refusals: `invalid` at `code` and `password`, `conflict`, `too-many`. */
export async function removeCodeApp(ctx: Context, who: Person, typed: { code: string; password: string }): Promise<void> {
  const accountId = who.account.id
  await requireProof(ctx, who, typed.password, 'password')
  await countAttemptNow(ctx, `codes typed by ${accountId}`, typedLimit)
  await ctx.transact(async (tx) => {
    const isRight = (await takeCode(ctx, tx, accountId, typed.code)) || (await takeRecoveryCode(ctx, tx, accountId, typed.code))
    if (!isRight) throw new Refusal('invalid', 'codeApp.wrong', {}, 'code')
    await tx.delete(codeApps).where(eq(codeApps.accountId, accountId))
    await refuseLockOut(tx, accountId, 'waysIn.codeAppNeeded')
    await enqueueMail(tx, 'security', { accountId, what: 'codeAppOff' })
  })
}

/** Uses a typed code up: true once for each half minute of an app that is on. Whoever calls counts the attempts. */
export async function takeCode(ctx: Context, tx: Tx, accountId: number, typed: string): Promise<boolean> {
  const [row] = await tx
    .select()
    .from(codeApps)
    .where(and(eq(codeApps.accountId, accountId), isNotNull(codeApps.confirmedAt)))
  const step = row && stepOf(ctx, row.secretSealed, typed, tx.now)
  if (step === undefined) return false
  const taken = await tx
    .update(codeApps)
    .set({ lastStep: step })
    .where(and(eq(codeApps.accountId, accountId), lt(codeApps.lastStep, step)))
    .returning({ accountId: codeApps.accountId })
  return taken.length > 0
}

/** The half minute since 1970 that a typed code belongs to; undefined when it is none of those that count now. */
function stepOf(ctx: Context, secretSealed: string, typed: string, now: number): number | undefined {
  const token = typed.replace(/[\s-]/g, '')
  if (!/^\d{6}$/.test(token)) return undefined
  const delta = TOTP.validate({ ...kind, token, secret: openSecret(ctx, secretSealed), timestamp: now, window: stepsAround })
  return delta === null ? undefined : TOTP.counter({ period: kind.period, timestamp: now }) + delta
}

function openSecret(ctx: Context, secretSealed: string): Secret {
  return new Secret({ buffer: new Uint8Array(ctx.seal.unseal(secretSealed)).buffer })
}

function isBeingSetUp(accountId: number, now: number) {
  return and(eq(codeApps.accountId, accountId), isNull(codeApps.confirmedAt), gt(codeApps.createdAt, now - setUpMs))
}
