import { accept, type Inbound, isOnHostOf, soleObject, type Verb } from '#server/federation/inbox/inbound.ts'
import { mayCauseFetch } from '#server/federation/inbox/may-fetch.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { findPostByUri } from '#server/posts/find-post.ts'
import { receivePin, removePin } from '#server/posts/pins.ts'

/** Add: to the posts that the actor shows first. Only its own posts, and only that very collection; one we do not have is fetched first, as a job. */
export const add: Verb = async (ctx, inbound) => {
  const uri = pinnedUri(inbound)
  if (uri === undefined) return accept(ctx, inbound, async () => {})
  const mayFetch = !(await findPostByUri(ctx.db, uri)) && (await mayCauseFetch(ctx, inbound.actor))
  const { id: accountId } = inbound.actor
  return accept(ctx, inbound, async (tx) => {
    const post = await findPostByUri(tx, uri)
    if (post) await receivePin(tx, { accountId, postId: post.id })
    else if (mayFetch) await enqueue(tx, { kind: 'fetch-pinned', input: { uri, accountId }, lane: 'fetch', onceKey: `fetch-pinned ${uri}` })
  })
}

/** Remove: from the same. */
export const remove: Verb = async (ctx, inbound) => {
  const uri = pinnedUri(inbound)
  return accept(ctx, inbound, async (tx) => {
    const post = uri === undefined ? undefined : await findPostByUri(tx, uri)
    if (post) await removePin(tx, { accountId: inbound.actor.id, postId: post.id })
  })
}

/** The post that is meant; undefined when it is about another collection, a tag, or somebody else's post. */
function pinnedUri(inbound: Inbound): string | undefined {
  const { actor, activity } = inbound
  const { id, embedded } = soleObject(inbound)
  const isFeatured = actor.featuredUrl !== null && activity.target?.id === actor.featuredUrl
  return isFeatured && embedded?.type !== 'Hashtag' && id !== undefined && isOnHostOf(inbound, id) ? id : undefined
}
