import { and, desc, eq, gt, ne } from 'drizzle-orm'
import type { Reader, Tx } from '#db/reader.ts'
import { signInSteps } from '#db/schema/factors.ts'
import { sessions, users } from '#db/schema/sign-in.ts'
import { revokeTokens } from '#server/apps/revoke-tokens.ts'
import type { Context } from '#server/context.ts'
import { hashToken, type Session } from '#server/sign-in/find-session.ts'

const dayMs = 86_400_000
/** A session ends after so long without use. */
export const sessionMs = 60 * dayMs
/** How old the note of when a session was last used may grow before it is written anew. */
const touchMs = 5 * 60_000
/** Only the newest of a person's sessions are kept. */
const sessionsMax = 50
const endedAtOnceMax = 100
const userAgentCharactersMax = 300

/** What is known of the browser that signs in. */
export interface Browser {
  userAgent: string
  address: string
}

/** Opens a session in the caller's transaction; the token is new, random, and never stored. */
export async function startSession(tx: Tx, accountId: number, token: string, { userAgent, address }: Browser): Promise<Session> {
  const [session] = await tx
    .insert(sessions)
    .values({
      id: tx.newId(),
      tokenHash: hashToken(token),
      accountId,
      userAgent: userAgent.slice(0, userAgentCharactersMax),
      address,
      createdAt: tx.now,
      lastSeenAt: tx.now,
      expiresAt: tx.now + sessionMs
    })
    .returning()
  const old = await tx
    .select({ id: sessions.id })
    .from(sessions)
    .where(eq(sessions.accountId, accountId))
    .orderBy(desc(sessions.lastSeenAt), desc(sessions.id))
    .limit(endedAtOnceMax)
    .offset(sessionsMax)
  for (const { id } of old) await tx.delete(sessions).where(eq(sessions.id, id))
  await tx.update(users).set({ lastSeenAt: tx.now }).where(eq(users.accountId, accountId))
  return session!
}

/** Notes that a session is in use and lets its end slide, every few minutes. True when it was written, and the cookie should slide too. */
export async function touchSession(ctx: Context, session: Session): Promise<boolean> {
  if (ctx.clock.now() - session.lastSeenAt < touchMs) return false
  await ctx.transact(async (tx) => {
    await tx
      .update(sessions)
      .set({ lastSeenAt: tx.now, expiresAt: tx.now + sessionMs })
      .where(eq(sessions.id, session.id))
    await tx.update(users).set({ lastSeenAt: tx.now }).where(eq(users.accountId, session.accountId))
  })
  return true
}

/** A person's sessions that still last, the one used last first. */
export function sessionsOf(db: Reader, accountId: number, now: number): Promise<Session[]> {
  return db
    .select()
    .from(sessions)
    .where(and(eq(sessions.accountId, accountId), gt(sessions.expiresAt, now)))
    .orderBy(desc(sessions.lastSeenAt), desc(sessions.id))
    .limit(sessionsMax)
}

/** Ends one session of a person; false when they have none of that id. */
export async function endSession(tx: Tx, accountId: number, sessionId: number): Promise<boolean> {
  const ended = await tx
    .delete(sessions)
    .where(and(eq(sessions.id, sessionId), eq(sessions.accountId, accountId)))
    .returning({ id: sessions.id })
  return ended.length > 0
}

/**
 * Ends all sessions of an account, but for `exceptId`; also those that only lack their second factor. Where none goes on, apps are out as well: this is done when
 * somebody else may have got in.
 */
export async function endSessions(tx: Tx, accountId: number, exceptId?: number): Promise<void> {
  await tx.delete(signInSteps).where(eq(signInSteps.accountId, accountId))
  if (exceptId === undefined) await revokeTokens(tx, accountId)
  await tx.delete(sessions).where(and(eq(sessions.accountId, accountId), exceptId === undefined ? undefined : ne(sessions.id, exceptId)))
}
