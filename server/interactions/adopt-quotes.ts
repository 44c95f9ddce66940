import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import { prepare, type Tx } from '#db/reader.ts'
import { posts } from '#db/schema/posts.ts'
import { quotes } from '#db/schema/quotes.ts'
import { judgeQuote, settleQuote } from '#server/interactions/quotes.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { fetchJob } from '#server/jobs/fetch-job.ts'
import type { PostRow } from '#server/posts/find-post.ts'

/** Quotes that were here before the post they quote and are looked at when it comes, and those of them whose authorizations are read then. */
const adoptedMax = 200
const readMax = 20

const waitingFor = prepare((db: Tx) =>
  db
    .select({ quote: quotes, post: { id: posts.id, uri: posts.uri, authorId: posts.authorId } })
    .from(quotes)
    .innerJoin(posts, eq(posts.id, quotes.postId))
    .where(and(eq(quotes.quotedUri, sql.placeholder('uri')), isNull(quotes.quotedId), isNull(posts.deletedAt)))
    .orderBy(asc(quotes.postId))
    .limit(adoptedMax)
)

/** A post has come that was quoted before: the quotes find it, and are judged by what it says. */
export async function adoptQuotes(tx: Tx, quoted: PostRow): Promise<void> {
  let readCount = 0
  for (const { quote, post } of await waitingFor(tx, { uri: quoted.uri })) {
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
}
