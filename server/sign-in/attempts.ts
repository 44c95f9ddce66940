import { eq, lte, sql } from 'drizzle-orm'
import ipaddr from 'ipaddr.js'
import type { Tx } from '#db/reader.ts'
import { attempts } from '#db/schema/sign-in.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'

/** So many in a window of so long. */
export interface AttemptLimit {
  max: number
  windowMs: number
}

/** Counts one attempt, shared by all processes. Refusal `too-many` (with `retryAfterMs`) above the limit. */
export async function countAttempt(tx: Tx, key: string, { max, windowMs }: AttemptLimit): Promise<void> {
  const { count, windowEndsAt } = await addAttempt(tx, key, windowMs)
  if (count > max) throw tooMany(windowEndsAt - tx.now)
}

/** Counts one attempt and says whether it is within the limit, for whoever has nobody to refuse. */
export async function isWithinLimit(tx: Tx, key: string, { max, windowMs }: AttemptLimit): Promise<boolean> {
  return (await addAttempt(tx, key, windowMs)).count <= max
}

/** As `countAttempt`, in a transaction of its own, so that the count stays whatever happens next. */
export async function countAttemptNow(ctx: Context, key: string, { max, windowMs }: AttemptLimit): Promise<void> {
  const { count, waitMs } = await ctx.transact(async (tx) => {
    const added = await addAttempt(tx, key, windowMs)
    return { count: added.count, waitMs: added.windowEndsAt - tx.now }
  })
  if (count > max) throw tooMany(waitMs)
}

/** Takes one attempt back: it went well. */
export async function forgiveAttempt(tx: Tx, key: string): Promise<void> {
  await tx
    .update(attempts)
    .set({ count: sql`case when ${attempts.count} > 0 then ${attempts.count} - 1 else 0 end` })
    .where(eq(attempts.key, key))
}

/** Starts a count anew. */
export async function clearAttempts(tx: Tx, key: string): Promise<void> {
  await tx.delete(attempts).where(eq(attempts.key, key))
}

export async function sweepAttempts(tx: Tx): Promise<void> {
  await tx.delete(attempts).where(lte(attempts.windowEndsAt, tx.now))
}

/** The network a request comes from: an IPv4 address, or the /64 of an IPv6 one, which is what one customer has. */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address
  const parsed = ipaddr.process(address)
  if (parsed.kind() === 'ipv4') return parsed.toString()
  return `${(parsed as ipaddr.IPv6).parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`
}

async function addAttempt(tx: Tx, key: string, windowMs: number): Promise<{ count: number; windowEndsAt: number }> {
  const endsAt = tx.now + windowMs
  const isOver = sql`${attempts.windowEndsAt} <= ${tx.now}`
  const [row] = await tx
    .insert(attempts)
    .values({ key, count: 1, windowEndsAt: endsAt })
    .onConflictDoUpdate({
      target: attempts.key,
      set: {
        count: sql`case when ${isOver} then 1 else ${attempts.count} + 1 end`,
        windowEndsAt: sql`case when ${isOver} then ${endsAt} else ${attempts.windowEndsAt} end`
      }
    })
    .returning()
  return row!
}

function tooMany(retryAfterMs: number): Refusal {
  return new Refusal('too-many', 'errors.tooMany', { retryAfterMs: Math.max(1_000, retryAfterMs) })
}
