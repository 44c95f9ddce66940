import type { Context } from '#server/context.ts'
import { isFollowedHere } from '#server/follows/find-follow.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { createRateLimiter } from '#server/federation/gate/host-rates.ts'
import { accept, type Inbound, soleObject, type Verb } from '#server/federation/inbox/inbound.ts'
import { isRecord, idOf, type Json } from '#server/federation/normal-form/values.ts'
import { findPostByUri } from '#server/posts/find-post.ts'
import { receiveBoost } from '#server/posts/receive-boost.ts'

/** Fetches that boosts by people nobody here follows may cause, a server. */
const strangersRate = { burst: 60, perSecond: 0.5 }
const limiters = new WeakMap<Context, ReturnType<typeof createRateLimiter>>()

/**
 * Announce: a boost. Of the boosted post only the id is taken, whatever is embedded; a post we do not have is fetched from its origin first, as a
 * job. Groups announce whole activities; of a Create the post inside is meant, and other activities are left alone.
 */
export const announce: Verb = async (ctx, inbound) => {
  const objectUri = boostedIdOf(inbound)
  if (objectUri === undefined) return accept(ctx, inbound, async () => {})
  const { actor, activity, signatureHash } = inbound
  const uri = activity.id ?? `${actor.uri}#announces/${signatureHash.slice(0, 16)}`
  const boost = { uri, boosterId: actor.id, publishedAt: activity.publishedAt }
  const mayFetch = (await isFollowedHere(ctx.db, actor.id)) || mayStrangerFetch(ctx, inbound.host)
  return accept(ctx, inbound, async (tx) => {
    const post = await findPostByUri(tx, objectUri)
    if (post) await receiveBoost(tx, { ...boost, postId: post.id })
    else if (mayFetch) await enqueue(tx, { kind: 'fetch-boosted', input: { ...boost, objectUri }, onceKey: `fetch-boosted ${uri}` })
  })
}

function boostedIdOf(inbound: Inbound): string | undefined {
  const { id, embedded } = soleObject(inbound)
  if (embedded === undefined || embedded.actor === undefined) return id
  const inner: Json = embedded
  return inner.type === 'Create' && isRecord(inner.object) ? idOf(inner.object) : undefined
}

function mayStrangerFetch(ctx: Context, host: string): boolean {
  let limiter = limiters.get(ctx)
  if (!limiter) limiters.set(ctx, (limiter = createRateLimiter()))
  return limiter.take(host, strangersRate, ctx.clock.now()) === 0
}
