import { and, eq, inArray, isNotNull, lt, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import type { Reader, Tx } from '#db/reader.ts'
import { posts } from '#db/schema/posts.ts'
import { quotes } from '#db/schema/quotes.ts'
import type { Context } from '#server/context.ts'
import type { QuoteRow } from '#server/interactions/quotes.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { fetchJob } from '#server/jobs/fetch-job.ts'
import type { PostRow } from '#server/posts/find-post.ts'

/** An authorization that was read longer ago than this is asked about again when its quote is looked at (FEP-044f, opportunistic re-verification). */
export const recheckMs = 3 * 24 * 60 * 60_000
/** Of one page that is opened. */
const recheckedMax = 5

const quoted = alias(posts, 'quoted')

/** Somebody signed in opens posts: authorizations of quotes among them that were not looked at for long are asked about by jobs, each once in three days. */
export async function recheckOpened(ctx: Context, rows: Iterable<PostRow>): Promise<void> {
  const ids = [...rows].filter((row) => row.isQuote && row.deletedAt === null).map((row) => row.id)
  if (ids.length === 0) return
  const due = await findDue(ctx.db, ids, ctx.clock.now())
  if (due.length > 0) await ctx.transact((tx) => askAgain(tx, ids))
}

/** The same in a transaction that brought a quoting post anew, for as many as are due. */
export async function askAgain(tx: Tx, postIds: readonly number[]): Promise<void> {
  for (const { postId } of await findDue(tx, postIds, tx.now)) {
    await tx.update(quotes).set({ checkedAt: tx.now }).where(eq(quotes.postId, postId))
    await enqueue(tx, fetchJob('recheck-quote', postId, { postId }))
  }
}

/** Quotes of others' posts elsewhere that show, or wait, by an authorization which may be gone or back by now. */
function findDue(db: Reader, postIds: readonly number[], now: number): Promise<Pick<QuoteRow, 'postId'>[]> {
  return db
    .select({ postId: quotes.postId })
    .from(quotes)
    .innerJoin(quoted, eq(quoted.id, quotes.quotedId))
    .where(
      and(
        inArray(quotes.postId, [...postIds]),
        inArray(quotes.state, ['accepted', 'pending']),
        isNotNull(quotes.authorizationUri),
        eq(quoted.isLocal, false),
        lt(sql`coalesce(${quotes.checkedAt}, ${quotes.createdAt})`, now - recheckMs)
      )
    )
    .orderBy(quotes.postId)
    .limit(recheckedMax)
}
