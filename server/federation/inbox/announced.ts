import type { Context } from '#server/context.ts'
import { takeBoost } from '#server/federation/inbox/boost.ts'
import { findBanningCommunity, takeCommunityBlock, takeCommunityUnblock } from '#server/federation/inbox/community-block.ts'
import { accept, type Inbound, refreshOf } from '#server/federation/inbox/inbound.ts'
import { mayCauseFetch } from '#server/federation/inbox/may-fetch.ts'
import { readActivity } from '#server/federation/normal-form/read-activity.ts'
import type { NormalActivity } from '#server/federation/normal-form/types.ts'
import type { Json } from '#server/federation/normal-form/values.ts'
import { enqueue, type NewJob } from '#server/jobs/enqueue.ts'
import { fetchJob } from '#server/jobs/fetch-job.ts'
import { hostOf } from '#server/platform/host-names.ts'
import { receiveAnnouncedVote, removeAnnouncedVote } from '#server/posts/announced-votes.ts'
import { findPostByUri } from '#server/posts/find-post.ts'

/** Activities that may stand in an Announce without an actor of their own. */
const wrapped = new Set(['Create', 'Update', 'Delete', 'Like', 'Dislike', 'Undo', 'Announce', 'Block', 'Add', 'Remove', 'Lock', 'Flag'])

/** Whether what is announced is an activity rather than a post. */
export function isActivity(embedded: Json): boolean {
  return embedded.actor !== undefined || (typeof embedded.type === 'string' && wrapped.has(embedded.type))
}

/**
 * An activity that somebody announces, mostly a group for its members (FEP-1b12). Nobody but the announcer has signed it, so that of posts only ids are
 * taken and their own servers are asked; votes count only in the announcer's own community, and name nobody; it may keep people of ours out of itself.
 * Everything else (featured posts and moderators, locks, reports, an Announce in an Announce) does nothing.
 */
export async function takeAnnounced(ctx: Context, inbound: Inbound, embedded: Json): Promise<void> {
  const { actor } = inbound
  const inner = embedded.actor === undefined ? undefined : readActivity(embedded)
  const objectUri = inner?.objects.length === 1 ? inner.objects[0]?.id : undefined
  if (inner?.type === 'Create' && objectUri !== undefined) return takeBoost(ctx, inbound, objectUri, { isOfThread: true })
  if (inner?.type === 'Update' && objectUri !== undefined) return takeUpdate(ctx, inbound, objectUri)
  if (inner?.type === 'Delete' && objectUri !== undefined) return takeDelete(ctx, inbound, objectUri)
  if (inner !== undefined && actor.type === 'Group') return takeOfGroup(ctx, inbound, inner)
  return accept(ctx, inbound, async () => {})
}

/** A changed post is read again at its origin; one we do not have is treated as new, since its Create may have been lost. The group itself likewise. */
async function takeUpdate(ctx: Context, inbound: Inbound, uri: string): Promise<void> {
  const { actor } = inbound
  if (uri === actor.uri) return accept(ctx, inbound, (tx) => enqueue(tx, refreshOf(actor)))
  const known = await findPostByUri(ctx.db, uri)
  if (!known) return takeBoost(ctx, inbound, uri, { isOfThread: true })
  return ask(ctx, inbound, known.isLocal ? undefined : fetchJob('refetch-post', uri))
}

/** By its author or by a moderator, which is all the same: the post's own server says whether it is gone. */
async function takeDelete(ctx: Context, inbound: Inbound, uri: string): Promise<void> {
  const known = await findPostByUri(ctx.db, uri)
  const isToAsk = known !== undefined && !known.isLocal && known.deletedAt === null && known.boostOfId === null
  return ask(ctx, inbound, isToAsk ? fetchJob('confirm-delete', uri) : undefined)
}

async function ask(ctx: Context, inbound: Inbound, job: NewJob | undefined): Promise<void> {
  const mayFetch = job !== undefined && (await mayCauseFetch(ctx, inbound.actor))
  return accept(ctx, inbound, async (tx) => {
    if (mayFetch) await enqueue(tx, job)
  })
}

/** What a group may say about itself alone: votes on its posts, and whom it keeps out. */
async function takeOfGroup(ctx: Context, inbound: Inbound, inner: NormalActivity): Promise<void> {
  const isUndo = inner.type === 'Undo'
  const undone = isUndo ? inner.objects[0]?.embedded : undefined
  // Whatever is taken back must be of whoever takes it back; by id alone it is looked for among what the group told of.
  const act = undone?.actor === undefined ? (isUndo ? undefined : inner) : readActivity(undone)
  if (act !== undefined && act.actor !== inner.actor) return accept(ctx, inbound, async () => {})
  if (act?.type === 'Block') return takeBlock(ctx, inbound, act, isUndo)
  if (act?.type === 'Like' || (isUndo && act === undefined)) return takeVote(ctx, inbound, inner, act, isUndo)
  return accept(ctx, inbound, async () => {})
}

async function takeBlock(ctx: Context, inbound: Inbound, block: NormalActivity, isUndo: boolean): Promise<void> {
  const group = block.target === undefined ? undefined : await findBanningCommunity(ctx.db, block, inbound.actor)
  return accept(ctx, inbound, async (tx) => {
    if (group?.id === inbound.actor.id) await (isUndo ? takeCommunityUnblock : takeCommunityBlock)(tx, group, block)
  })
}

async function takeVote(
  ctx: Context,
  inbound: Inbound,
  { actor: voterUri, objects }: NormalActivity,
  like: NormalActivity | undefined,
  isUndo: boolean
): Promise<void> {
  const voterHost = hostOf(voterUri) ?? ''
  // Our own people vote here, and whoever is blocked here is not heard through others.
  const isCounted = voterHost !== ctx.config.host && !(await ctx.limits.isSuspended(voterHost))
  const postUri = like?.objects.length === 1 ? like.objects[0]?.id : undefined
  const vote = { group: inbound.actor, voterUri, postUri, uri: like === undefined ? objects[0]?.id : like.id }
  return accept(ctx, inbound, async (tx) => {
    if (!isCounted) return
    if (isUndo) await removeAnnouncedVote(tx, vote)
    else if (postUri !== undefined) await receiveAnnouncedVote(tx, { ...vote, postUri })
  })
}
