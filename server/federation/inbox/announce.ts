import { enqueue } from '#server/jobs/enqueue.ts'
import { accept, type Inbound, soleObject, type Verb } from '#server/federation/inbox/inbound.ts'
import { mayCauseFetch } from '#server/federation/inbox/may-fetch.ts'
import { isRecord, idOf, type Json } from '#server/federation/normal-form/values.ts'
import { findPostByUri } from '#server/posts/find-post.ts'
import { receiveBoost } from '#server/posts/receive-boost.ts'

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
  const mayFetch = !(await findPostByUri(ctx.db, objectUri)) && (await mayCauseFetch(ctx, actor))
  return accept(ctx, inbound, async (tx) => {
    const post = await findPostByUri(tx, objectUri)
    if (post) await receiveBoost(tx, { ...boost, postId: post.id })
    else if (mayFetch)
      await enqueue(tx, { kind: 'fetch-boosted', input: { ...boost, objectUri }, lane: 'fetch', onceKey: `fetch-boosted ${uri}` })
  })
}

function boostedIdOf(inbound: Inbound): string | undefined {
  const { id, embedded } = soleObject(inbound)
  if (embedded === undefined || embedded.actor === undefined) return id
  const inner: Json = embedded
  return inner.type === 'Create' && isRecord(inner.object) ? idOf(inner.object) : undefined
}
