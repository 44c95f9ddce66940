import { eq } from 'drizzle-orm'
import type { Reader, Tx } from '#db/reader.ts'
import { sessions } from '#db/schema/sign-in.ts'
import type { Person, User } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { clearAttempts, countAttemptNow } from '#server/sign-in/attempts.ts'

const minuteMs = 60_000
/** Wrong passwords typed by somebody who is signed in already. */
const confirmLimit = { max: 10, windowMs: 10 * minuteMs }
/** For so long after somebody showed who they are, dangerous things are not asked about again. */
const proofMs = 10 * minuteMs

/** False for whoever took their password away. */
export function hasPassword({ passwordHash }: Pick<User, 'passwordHash'>): boolean {
  return passwordHash !== ''
}

/** The hash to verify against; undefined for whoever has no password, which costs the same and is never right. */
export function hashOf(user: Pick<User, 'passwordHash'> | undefined): string | undefined {
  return user && hasPassword(user) ? user.passwordHash : undefined
}

/** Whether whoever sits at this session showed within the last ten minutes that they are its owner. */
export async function isProved(db: Reader, who: Person, now: number): Promise<boolean> {
  if (who.sessionId === undefined) return false
  const [session] = await db.select().from(sessions).where(eq(sessions.id, who.sessionId))
  return session !== undefined && now - (session.provedAt ?? session.createdAt) < proofMs
}

/** Notes that somebody just did, in the caller's transaction. */
export async function noteProof(tx: Tx, { sessionId }: Person): Promise<void> {
  if (sessionId !== undefined) await tx.update(sessions).set({ provedAt: tx.now }).where(eq(sessions.id, sessionId))
}

/** Asks a signed-in person for the password once more. Refusal `invalid` at the field, `too-many`. */
export async function requirePassword(ctx: Context, who: Person, password: string, field: string): Promise<void> {
  const key = `password of ${who.account.id}`
  await countAttemptNow(ctx, key, confirmLimit)
  if (!(await ctx.passwords.verify(hashOf(who.user), password))) throw new Refusal('invalid', 'form.passwordWrong', {}, field)
  await ctx.transact(async (tx) => {
    await clearAttempts(tx, key)
    await noteProof(tx, who)
  })
}

/**
 * What a dangerous act asks before anything else: the password as typed or, when none was, a proof (password, passkey, code) no older than ten minutes.
 * Refusal `invalid` at the field, `too-many`.
 */
export async function requireProof(ctx: Context, who: Person, password: string, field: string): Promise<void> {
  if (password !== '') return requirePassword(ctx, who, password, field)
  if (await isProved(ctx.db, who, ctx.clock.now())) return
  throw new Refusal('invalid', hasPassword(who.user) ? 'proof.passwordNeeded' : 'proof.needed', {}, field)
}
