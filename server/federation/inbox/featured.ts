import { accept, type Inbound, isOnHostOf, soleObject, type Verb } from '#server/federation/inbox/inbound.ts'
import { mayCauseFetch } from '#server/federation/inbox/may-fetch.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { fetchJob } from '#server/jobs/fetch-job.ts'
import { awaitAct, isTakenBack, notePast, partsOf } from '#server/peers/taken-back.ts'
import { findPostByUri } from '#server/posts/find-post.ts'
import { receivePin, removePin } from '#server/posts/pins.ts'

/** Add: to the posts that the actor shows first. Only its own posts, and only that very collection; one we do not have is fetched first, as a job. */
export const add: Verb = async (ctx, inbound) => {
  const uri = pinnedUri(inbound)
  if (uri === undefined) return accept(ctx, inbound, async () => {})
  const mayFetch = !(await findPostByUri(ctx.db, uri)) && (await mayCauseFetch(ctx, inbound.actor))
  const { id: accountId } = inbound.actor
  const act = { actorId: accountId, uri: inbound.activity.id, parts: partsOf('Pin', uri) }
  return accept(ctx, inbound, async (tx) => {
    if (await isTakenBack(tx, act)) return
    const post = await findPostByUri(tx, uri)
    if (post) await receivePin(tx, { accountId, postId: post.id })
    else if (mayFetch) await enqueue(tx, fetchJob('fetch-pinned', uri, { uri, accountId }))
  })
}

/** Remove: from the same. An Add that was overtaken by it does nothing when it comes. */
export const remove: Verb = async (ctx, inbound) => {
  const uri = pinnedUri(inbound)
  return accept(ctx, inbound, async (tx) => {
    if (uri === undefined) return
    const { id: accountId } = inbound.actor
    const post = await findPostByUri(tx, uri)
    const isDone = post !== undefined && (await removePin(tx, { accountId, postId: post.id }))
    if (isDone) await notePast(tx, accountId, partsOf('Pin', uri))
    else await awaitAct(tx, accountId, partsOf('Pin', uri))
  })
}

/** The post that is meant; undefined when it is about another collection, a tag, or somebody else's post. */
function pinnedUri(inbound: Inbound): string | undefined {
  const { actor, activity } = inbound
  const { id, embedded } = soleObject(inbound)
  const isFeatured = actor.featuredUrl !== null && activity.target?.id === actor.featuredUrl
  return isFeatured && embedded?.type !== 'Hashtag' && id !== undefined && isOnHostOf(inbound, id) ? id : undefined
}
