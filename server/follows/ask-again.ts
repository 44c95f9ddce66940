import { and, asc, eq, gt, isNotNull, isNull, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import type { Tx } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { follows } from '#db/schema/follows.ts'
import type { Context } from '#server/context.ts'
import { record } from '#server/facts.ts'

const dayMs = 24 * 60 * 60_000
/** How long after the last time a request that nobody answered is made again; after the last of these it is left to wait. */
export const askAgainAfterMs = [dayMs, 3 * dayMs, 7 * dayMs, 30 * dayMs, 30 * dayMs] as const
const rowsAtOnce = 100
/** Follows of one actor that are said again after its keys changed. */
const renewedMax = 5_000

const followed = alias(accounts, 'followed')

/** By the clock: follows left pending are asked again, since the Follow, or the Accept, may have been lost. */
export async function askFollowsAgain(ctx: Context): Promise<void> {
  let after: number | undefined = 0
  while (after !== undefined) {
    const last: number = after
    after = await ctx.transact((tx) => askSome(tx, last))
  }
}

/** The last id looked at, or undefined once nothing was left. */
async function askSome(tx: Tx, after: number): Promise<number | undefined> {
  const rows = await pendingAfter(tx, after)
  for (const follow of rows) {
    const waitMs = askAgainAfterMs[follow.askedAgainCount]
    if (waitMs === undefined || tx.now - (follow.askedAgainAt ?? follow.createdAt) < waitMs) continue
    await tx
      .update(follows)
      .set({ askedAgainCount: follow.askedAgainCount + 1, askedAgainAt: tx.now })
      .where(eq(follows.id, follow.id))
    await record(tx, 'follow-asked-again', { followId: follow.id })
  }
  return rows.at(-1)?.id
}

/** Requests of our people to others elsewhere who are still there, and have not moved. */
function pendingAfter(tx: Tx, after: number) {
  return tx
    .select({
      id: follows.id,
      createdAt: follows.createdAt,
      askedAgainCount: follows.askedAgainCount,
      askedAgainAt: follows.askedAgainAt
    })
    .from(follows)
    .innerJoin(accounts, eq(accounts.id, follows.followerId))
    .innerJoin(followed, eq(followed.id, follows.followedId))
    .where(
      and(
        sql`${follows.state} = 'pending'`,
        gt(follows.id, after),
        isNull(accounts.domain),
        isNull(accounts.suspendedAt),
        isNotNull(followed.domain),
        isNull(followed.deletedAt),
        isNull(followed.suspendedAt),
        isNull(followed.movedToUri)
      )
    )
    .orderBy(asc(follows.id))
    .limit(rowsAtOnce)
}

/**
 * Reaction: a remote actor has other keys than all it had. Its server may have been set up anew and know of nobody who follows: each of ours says so once
 * more. A server that remembers takes it for a repeated Follow.
 */
export async function askAgainAfterNewKeys(ctx: Context, { accountId }: { accountId: number }): Promise<void> {
  let after = 0
  for (let done = 0; done < renewedMax; done += rowsAtOnce) {
    const last = await ctx.transact(async (tx) => {
      const rows = await tx
        .select({ id: follows.id })
        .from(follows)
        .innerJoin(accounts, eq(accounts.id, follows.followerId))
        .where(and(eq(follows.followedId, accountId), gt(follows.id, after), isNull(accounts.domain), isNull(accounts.suspendedAt)))
        .orderBy(asc(follows.id))
        .limit(rowsAtOnce)
      for (const { id } of rows) await record(tx, 'follow-asked-again', { followId: id })
      return rows.at(-1)?.id
    })
    if (last === undefined) return
    after = last
  }
}
