import { findInstanceActor } from '#server/accounts/instance-actor.ts'
import type { Context } from '#server/context.ts'
import type { LaterRun } from '#server/facts.ts'
import { send } from '#server/federation/outbound/send.ts'
import { relayAnnounceOf } from '#server/federation/vocabulary/addresses.ts'
import { publicAudience } from '#server/federation/vocabulary/context.ts'
import { type Activity, toAnswer, toRelayAnnounce, toRelayFollow, toUndo } from '#server/federation/vocabulary/to-activity.ts'
import type { JobRun } from '#server/jobs/job-run.ts'
import { findOutgoing } from '#server/peers/outgoing-posts.ts'
import { toInbox } from '#server/peers/inbox.ts'
import { findRelay, findRelayInboxes, type Relay } from '#server/peers/relays.ts'

/** An admin subscribed to a relay: Follow by the instance actor, of everybody's posts (Mastodon) or of the relay (LitePub). */
export const sendRelayFollow: LaterRun<'relay-added'> = async (ctx, { relayId }, job) => {
  const relay = await findRelay(ctx.db, relayId)
  const actor = await findInstanceActor(ctx.db)
  if (!relay || !actor) return
  await tell(ctx, job, relay, toRelayFollow({ uri: relay.followUri, actorUri: actor.uri, objectUri: followedBy(relay) }))
}

/** A relay was taken away: Undo of that Follow, unless it never went out. */
export const sendRelayUndo: LaterRun<'relay-removed'> = async (ctx, { followUri, ...relay }, job) => {
  const actor = await findInstanceActor(ctx.db)
  if (!actor) return
  const follow = toRelayFollow({ uri: followUri, actorUri: actor.uri, objectUri: followedBy(relay) })
  await tell(ctx, job, relay, toUndo(follow, job.id), { objectUri: followUri, firstUri: followUri })
}

/** A LitePub relay follows back those who follow it: Accept. */
async function acceptFollowBack(ctx: Context, { relayId, followUri }: { relayId: number; followUri: string }, job: JobRun): Promise<void> {
  const relay = await findRelay(ctx.db, relayId)
  const actor = await findInstanceActor(ctx.db)
  if (!relay || !actor || relay.actorUri === null) return
  await tell(ctx, job, relay, toAnswer('Accept', { uri: followUri, actorUri: relay.actorUri, objectUri: actor.uri }, job.id))
}

/** A public post of ours for the LitePub relays: the instance actor announces its id, and they fetch it. */
async function announceToRelays(ctx: Context, { postId }: { postId: number }, job: JobRun): Promise<void> {
  const row = await findOutgoing(ctx.db, postId)
  const actor = await findInstanceActor(ctx.db)
  if (
    !row ||
    !actor ||
    row.post.visibility !== 'public' ||
    row.post.isLocalOnly ||
    row.post.deletedAt !== null ||
    row.authorSuspendedAt !== null
  )
    return
  await send(ctx, job, {
    activity: toRelayAnnounce({
      uri: relayAnnounceOf(actor.uri, postId),
      actorUri: actor.uri,
      objectUri: row.post.uri,
      createdAt: row.post.createdAt
    }),
    actorId: actor.id,
    // Whatever takes the post back takes this back too while it has not gone out.
    objectUri: row.post.uri,
    orderKey: row.post.uri,
    direct: [],
    fanOut: await findRelayInboxes(ctx.db, 'litepub')
  })
}

export const relayJobs = { 'accept-relay': acceptFollowBack, 'announce-to-relays': announceToRelays }

function followedBy({ kind, actorUri }: Pick<Relay, 'kind' | 'actorUri'>): string {
  return kind === 'mastodon' || actorUri === null ? publicAudience : actorUri
}

async function tell(
  ctx: Context,
  job: JobRun,
  { inboxUrl }: { inboxUrl: string },
  activity: Activity,
  cancels?: { objectUri: string; firstUri: string }
): Promise<void> {
  const actor = await findInstanceActor(ctx.db)
  const inbox = toInbox(inboxUrl, null)
  if (!actor || !inbox) return
  await send(ctx, job, {
    activity,
    actorId: actor.id,
    orderKey: `relay ${inboxUrl}`,
    direct: [inbox],
    ...(cancels ? { cancels, objectUri: cancels.objectUri } : {})
  })
}
