import { and, inArray, isNotNull, isNull, lt, sql } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { interactions } from '#db/schema/quotes.ts'
import type { Context } from '#server/context.ts'

/** What somebody elsewhere asked for so long ago, and nobody agreed to, is forgotten; whoever asks again is answered anew. */
const askedKeptMs = 180 * 24 * 60 * 60_000
const sweptAtOnce = 500

/**
 * By the clock: forgets requests of people elsewhere that wait or were refused, of which no post ever came along. Each costs its sender nothing but an id. What was
 * agreed to stays, since its authorization is served, and so does what our own people asked for.
 */
export async function sweepInteractions(ctx: Context): Promise<void> {
  while ((await ctx.transact(sweep)) > 0);
}

async function sweep(tx: Tx): Promise<number> {
  const strangers = tx.select({ id: accounts.id }).from(accounts).where(isNotNull(accounts.domain))
  const old = tx
    .select({ id: interactions.id })
    .from(interactions)
    .where(
      and(
        isNull(interactions.postId),
        // As it stands, so that the index of just these is seen to fit.
        sql`${interactions.state} in ('pending', 'rejected')`,
        lt(interactions.createdAt, tx.now - askedKeptMs),
        inArray(interactions.fromId, strangers)
      )
    )
    .limit(sweptAtOnce)
  const gone = await tx.delete(interactions).where(inArray(interactions.id, old)).returning({ id: interactions.id })
  return gone.length
}
