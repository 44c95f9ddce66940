import type { Tx } from '#db/reader.ts'
import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { mayCauseFetch } from '#server/federation/inbox/may-fetch.ts'
import { findQuote } from '#server/interactions/quotes.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { fetchJob } from '#server/jobs/fetch-job.ts'
import type { CleanPost } from '#server/posts/received-post.ts'
import type { PostRow } from '#server/posts/find-post.ts'

/** Writes the jobs that a post needs, in the transaction that writes the post. */
export type PlanChecks = (tx: Tx, post: PostRow) => Promise<void>

const nothing: PlanChecks = async () => {}

/** What has to be asked elsewhere about a post's quote, or its right to answer; its author's share of our fetches is taken only then. */
export async function planChecks(ctx: Context, told: CleanPost, author: Account): Promise<PlanChecks> {
  const mayNeed = told.quote !== undefined || told.replyAuthorizationUri !== undefined
  return mayNeed && (await mayCauseFetch(ctx, author)) ? enqueueChecks(told) : nothing
}

/** The same where it was decided already that something may be asked. */
export function enqueueChecks(told: CleanPost): PlanChecks {
  return async (tx, post) => {
    if (told.quote) await checkQuote(tx, post)
    if (told.replyAuthorizationUri !== undefined && post.isHeld) {
      const input = { postId: post.id, authorizationUri: told.replyAuthorizationUri }
      await enqueue(tx, fetchJob('check-reply', post.id, input))
    }
  }
}

/** The quoted post is not here, or an authorization is claimed that nobody read yet. */
async function checkQuote(tx: Tx, post: PostRow): Promise<void> {
  const quote = await findQuote(tx, post.id)
  if (!quote) return
  const isUnread = quote.state === 'pending' && quote.authorizationUri !== null
  if (quote.quotedId === null || isUnread) await enqueue(tx, fetchJob('check-quote', post.id, { postId: post.id }))
}
