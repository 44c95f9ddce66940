import type { Tx } from '#db/reader.ts'
import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import type { FetchOptions } from '#server/federation/fetch-document.ts'
import { mayCauseFetch } from '#server/federation/inbox/may-fetch.ts'
import { findQuote } from '#server/interactions/quotes.ts'
import { askAgain } from '#server/interactions/recheck-quotes.ts'
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

/** Requests set aside for the checks of one post among many. */
const fetchesOfOneAmongMany = 4

/**
 * The same for a post that was itself looked for. Of many that were looked for at once (`isOld`), the checks are paid for by the budget that
 * brought them, or what one opened thread costs would have no bound; what a quoted post quotes itself is not looked for.
 */
export function checksOfFetched(told: CleanPost, { budget, isOld, isQuoted }: FetchOptions): PlanChecks {
  const mayNeed = told.quote !== undefined || told.replyAuthorizationUri !== undefined
  if (!mayNeed || isQuoted) return nothing
  if (!isOld) return enqueueChecks(told)
  return budget.reserve(fetchesOfOneAmongMany) ? enqueueChecks(told, fetchesOfOneAmongMany) : nothing
}

/** The same where it was decided already that something may be asked; `fetchesMax` for less than a step may ask. */
export function enqueueChecks(told: CleanPost, fetchesMax?: number): PlanChecks {
  return async (tx, post) => {
    if (told.quote) await checkQuote(tx, post, fetchesMax)
    if (told.replyAuthorizationUri !== undefined && post.isHeld) {
      const input = { postId: post.id, authorizationUri: told.replyAuthorizationUri, fetchesMax }
      await enqueue(tx, fetchJob('check-reply', post.id, input))
    }
  }
}

/** The quoted post is not here, or an authorization is claimed that nobody read yet, or not for long. */
async function checkQuote(tx: Tx, post: PostRow, fetchesMax?: number): Promise<void> {
  const quote = await findQuote(tx, post.id)
  if (!quote) return
  const isUnread = quote.state === 'pending' && quote.authorizationUri !== null
  if (quote.quotedId === null || isUnread) await enqueue(tx, fetchJob('check-quote', post.id, { postId: post.id, fetchesMax }))
  else await askAgain(tx, [post.id])
}
