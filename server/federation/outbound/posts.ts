import type { LaterRun } from '#server/facts.ts'
import { loadNote, othersOf } from '#server/federation/outbound/load-note.ts'
import { findPostInboxes } from '#server/federation/outbound/recipients.ts'
import { send } from '#server/federation/outbound/send.ts'
import { toCreate, toDelete, toUpdate } from '#server/federation/vocabulary/to-activity.ts'
import { toAudience } from '#server/federation/vocabulary/to-audience.ts'
import { createOf } from '#server/peers/create-of.ts'
import { findReach, forgetReach } from '#server/peers/reach.ts'
import { findOutgoing, findOutgoingDetails, type OutgoingRow } from '#server/peers/outgoing-posts.ts'

/** A post was published: Create, to everybody it is for. */
export const sendCreate: LaterRun<'post-published'> = async (ctx, { postId }, job) => {
  const row = await findOutgoing(ctx.db, postId)
  // Deleted or suspended in the meantime: nobody needs to hear of it at all. A reply that waits for its parent's author goes out once it may.
  if (!row || !mayGoOut(row) || row.post.isHeld) return
  const { note, details } = await loadNote(ctx, row)
  await send(ctx, job, {
    activity: toCreate(note),
    actorId: row.post.authorId,
    objectUri: row.post.uri,
    orderKey: row.post.uri,
    ledgerOf: postId,
    ...(await findPostInboxes(ctx, row, details))
  })
}

/** A post was edited: Update with the whole post, to the same people and to those who hold a copy. */
export const sendUpdate: LaterRun<'post-edited'> = async (ctx, { postId }, job) => {
  const row = await findOutgoing(ctx.db, postId)
  if (!row || !mayGoOut(row) || row.post.isHeld) return
  const { note, details } = await loadNote(ctx, row)
  await send(ctx, job, {
    activity: toUpdate(note, row.post.version),
    actorId: row.post.authorId,
    objectUri: row.post.uri,
    orderKey: row.post.uri,
    ledgerOf: postId,
    ...(await findPostInboxes(ctx, row, details, { isChange: true }))
  })
}

/** A post was deleted: Delete before everything else, to all it reached; what was never attempted of it is taken back instead. */
export const sendDelete: LaterRun<'post-deleted'> = async (ctx, { postId }, job) => {
  const row = await findOutgoing(ctx.db, postId)
  if (!row || row.post.isLocalOnly || row.post.boostOfId !== null) return
  const { uri, authorId, visibility } = row.post
  const details = await findOutgoingDetails(ctx.db, postId)
  const { direct, fanOut } = await findPostInboxes(ctx, row, details, { isChange: true })
  const personUris = [
    ...details.mentions.map((person) => person.uri),
    ...othersOf(row, details),
    ...(row.communityUri === null ? [] : [row.communityUri])
  ]
  const activity = toDelete({
    uri,
    actorUri: row.authorUri,
    communityUri: row.communityUri,
    ...toAudience(visibility, row.authorUri, personUris)
  })
  await send(ctx, job, {
    activity,
    actorId: authorId,
    objectUri: uri,
    orderKey: uri,
    // Whoever it went to may hold a copy, a follower still or not.
    direct: [...direct, ...fanOut, ...(await findReach(ctx.db, postId))],
    atLast: (tx) => forgetReach(tx, postId),
    cancels: { objectUri: uri, firstUri: createOf(uri) }
  })
}

/** Whether a post may be told of: neither local-only, nor deleted, nor a boost, nor of somebody suspended or erased. */
export function mayGoOut(row: OutgoingRow): boolean {
  if (row.post.isLocalOnly) return false
  return row.post.deletedAt === null && row.post.boostOfId === null && row.authorSuspendedAt === null && row.authorDeletedAt === null
}
