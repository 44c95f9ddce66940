import type { Context } from '#server/context.ts'
import { accept, type Inbound, isOnHostOf } from '#server/federation/inbox/inbound.ts'
import { mayCauseFetch } from '#server/federation/inbox/may-fetch.ts'
import { findReader } from '#server/federation/inbox/read-later.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { fetchJob } from '#server/jobs/fetch-job.ts'
import { findPostByUri } from '#server/posts/find-post.ts'
import { receiveBoost } from '#server/posts/receive-boost.ts'

/**
 * A boost of the post with an id. `isOfThread` for what a group wrapped up as an activity: answers belong to their threads then, and are no boosts, or
 * a busy thread would fill everybody's home.
 */
export async function takeBoost(ctx: Context, inbound: Inbound, objectUri: string, { isOfThread = false } = {}): Promise<void> {
  const { actor, activity, signatureHash } = inbound
  const uri = activity.id ?? `${actor.uri}#announces/${signatureHash.slice(-16)}`
  const boost = { uri, boosterId: actor.id, publishedAt: activity.publishedAt }
  const mayFetch = !(await findPostByUri(ctx.db, objectUri)) && (await mayCauseFetch(ctx, actor))
  // What its author boosts for followers alone is served to them alone.
  const readerId = mayFetch && isOnHostOf(inbound, objectUri) ? await findReader(ctx, inbound) : undefined
  const asked = { ...boost, objectUri, isOfThread, ...(readerId === undefined ? {} : { readerId }) }
  return accept(ctx, inbound, async (tx) => {
    const post = await findPostByUri(tx, objectUri)
    if (!post && mayFetch) await enqueue(tx, fetchJob('fetch-boosted', uri, asked))
    if (post && !(isOfThread && post.replyToUri !== null)) await receiveBoost(tx, { ...boost, postId: post.id })
  })
}
