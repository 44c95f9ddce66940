import { and, asc, eq, gt, isNull, sql } from 'drizzle-orm'
import { prepare, type Tx } from '#db/reader.ts'
import { posts } from '#db/schema/posts.ts'
import { quotes } from '#db/schema/quotes.ts'
import type { Context } from '#server/context.ts'
import { judgeQuote, settleQuote } from '#server/interactions/quotes.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { fetchJob } from '#server/jobs/fetch-job.ts'
import type { JobRun } from '#server/jobs/job-run.ts'
import { findPostById, type PostRow } from '#server/posts/find-post.ts'

/** Quotes that were here before the post they quote and find it in one step, and those of them whose authorizations are read then. */
const adoptedMax = 200
const readMax = 20

export const adoptQuotesKind = 'adopt-quotes'

const waitingFor = prepare((db: Tx) =>
  db
    .select({ quote: quotes, post: { id: posts.id, uri: posts.uri, authorId: posts.authorId } })
    .from(quotes)
    .innerJoin(posts, eq(posts.id, quotes.postId))
    .where(
      and(
        eq(quotes.quotedUri, sql.placeholder('uri')),
        gt(quotes.postId, sql.placeholder('afterId')),
        isNull(quotes.quotedId),
        isNull(posts.deletedAt)
      )
    )
    .orderBy(asc(quotes.postId))
    .limit(adoptedMax)
)

/** A post has come that was quoted before: the quotes find it, and are judged by what it says. The first at once, more of them by jobs that follow. */
export async function adoptQuotes(tx: Tx, quoted: PostRow): Promise<void> {
  await adoptSome(tx, quoted, 0)
}

/** A job: the next of them. */
export async function adoptMoreQuotes(ctx: Context, { postId, afterId }: { postId: number; afterId: number }, job: JobRun): Promise<void> {
  await ctx.transact(async (tx) => {
    await job.finish(tx)
    const quoted = await findPostById(tx, postId)
    if (quoted && quoted.deletedAt === null) await adoptSome(tx, quoted, afterId)
  })
}

async function adoptSome(tx: Tx, quoted: PostRow, afterId: number): Promise<void> {
  let readCount = 0
  const waiting = await waitingFor(tx, { uri: quoted.uri, afterId })
  for (const { quote, post } of waiting) {
    const told = {
      uri: quote.quotedUri,
      isLegacy: quote.isLegacy,
      ...(quote.authorizationUri === null ? {} : { authorizationUri: quote.authorizationUri })
    }
    const state = await judgeQuote(tx, post, quoted, told)
    await settleQuote(tx, quote, quoted.id, state)
    if (state !== 'pending' || quote.authorizationUri === null || readCount >= readMax) continue
    readCount += 1
    await enqueue(tx, fetchJob('check-quote', post.id, { postId: post.id }))
  }
  const last = waiting.at(-1)
  if (last && waiting.length === adoptedMax)
    await enqueue(tx, { kind: adoptQuotesKind, input: { postId: quoted.id, afterId: last.post.id }, lane: 'slow' })
}
