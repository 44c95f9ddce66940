import { enqueue } from '#server/jobs/enqueue.ts'
import { fetchJob } from '#server/jobs/fetch-job.ts'
import { accept, type Inbound, InboxFault, isOnHostOf, requireOwnHost, soleObject, type Verb } from '#server/federation/inbox/inbound.ts'
import { mayCauseFetch } from '#server/federation/inbox/may-fetch.ts'
import { takeOfGroup } from '#server/federation/inbox/of-group.ts'
import { planChecks } from '#server/federation/inbox/plan-checks.ts'
import { readingJob } from '#server/federation/inbox/read-later.ts'
import { readObject } from '#server/federation/normal-form/read-object.ts'
import type { NormalObject } from '#server/federation/normal-form/types.ts'
import { readVotes } from '#server/federation/inbox/read-votes.ts'
import { isPost, toToldPost } from '#server/federation/told-post.ts'
import { receiveVotes } from '#server/polls/receive-vote.ts'
import { findPostByUri } from '#server/posts/find-post.ts'
import { addSilentRecipient, receivePost } from '#server/posts/receive-post.ts'

/** Create: a post of the actor's own, or votes in a poll, which are no posts. By id alone, or of a group's, it is a hint to fetch; its parents are fetched later. */
export const create: Verb = async (ctx, inbound) => {
  const votes = readVotes(inbound)
  if (votes) return accept(ctx, inbound, (tx) => receiveVotes(tx, inbound.actor.id, votes))
  const ref = soleObject(inbound)
  if (ref.embedded === undefined) {
    const uri = ref.id
    if (uri === undefined || !isOnHostOf(inbound, uri)) throw new InboxFault(403, "The object must be of the actor's own server.")
    const mayFetch = await mayCauseFetch(ctx, inbound.actor)
    const job = mayFetch ? await readingJob(ctx, inbound, uri) : undefined
    return accept(ctx, inbound, async (tx) => {
      if (job) await enqueue(tx, job)
    })
  }
  const object = readObject(ref.embedded)
  if (!isPost(object)) return accept(ctx, inbound, async () => {})
  if (object.id !== undefined && isOnHostOf(inbound, object.id) && (await takeOfGroup(ctx, inbound, object))) return
  const own = requireOwn(inbound, object)
  const told = await toToldPost(ctx.db, own, inbound.actor, inbound.activity)
  const { owner } = inbound
  const parentUri = own.inReplyTo
  const mayClimb = parentUri !== undefined && !(await findPostByUri(ctx.db, parentUri)) && (await mayCauseFetch(ctx, inbound.actor))
  const writeChecks = await planChecks(ctx, told, inbound.actor)
  return accept(ctx, inbound, async (tx) => {
    const post = await receivePost(tx, ctx.random, told)
    if (!post || post.authorId !== inbound.actor.id) return
    await writeChecks(tx, post)
    if (owner) await addSilentRecipient(tx, { postId: post.id, accountId: owner.id })
    if (mayClimb) await enqueue(tx, fetchJob('fetch-ancestors', parentUri))
  })
}

/** An object that says it is the actor's, on the actor's own server; else InboxFault. */
export function requireOwn(inbound: Inbound, object: NormalObject): NormalObject & { id: string } {
  const { id } = object
  if (id === undefined) throw new InboxFault(400, 'The object needs an http(s) URL as its id.')
  requireOwnHost(inbound, id, 'The object')
  if (object.attributedTo.length > 0 && !object.attributedTo.includes(inbound.actor.uri)) {
    throw new InboxFault(403, 'The object must be attributed to the actor.')
  }
  return { ...object, id }
}
