import type { Context } from '#server/context.ts'
import type { LaterRun } from '#server/facts.ts'
import { send } from '#server/federation/outbound/send.ts'
import { toPinning } from '#server/federation/vocabulary/to-activity.ts'
import type { JobRun } from '#server/jobs/job-run.ts'
import { findOutgoing } from '#server/peers/outgoing-posts.ts'
import { findFollowerInboxes } from '#server/peers/recipients.ts'
import { isPinned } from '#server/posts/pins.ts'

/** One of ours pinned a post: Add to `featured`, to everybody who follows. */
export const sendAdd: LaterRun<'post-pinned'> = (ctx, { postId }, job) => tell(ctx, postId, 'Add', job)

/** And took it down again: Remove. */
export const sendRemove: LaterRun<'post-unpinned'> = (ctx, { postId }, job) => tell(ctx, postId, 'Remove', job)

/** Says nothing that is no longer so. */
async function tell(ctx: Context, postId: number, type: 'Add' | 'Remove', job: JobRun): Promise<void> {
  const row = await findOutgoing(ctx.db, postId)
  if (!row || row.post.deletedAt !== null || row.authorSuspendedAt !== null) return
  if ((await isPinned(ctx.db, postId)) !== (type === 'Add')) return
  await send(ctx, job, {
    activity: toPinning(type, { actorUri: row.authorUri, postUri: row.post.uri }, job.id),
    actorId: row.post.authorId,
    objectUri: row.post.uri,
    orderKey: row.post.uri,
    direct: [],
    fanOut: await findFollowerInboxes(ctx.db, row.post.authorId)
  })
}
