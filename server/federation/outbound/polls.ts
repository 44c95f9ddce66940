import { findAccount } from '#server/accounts/find-account.ts'
import type { Context } from '#server/context.ts'
import type { LaterRun } from '#server/facts.ts'
import { loadNote } from '#server/federation/outbound/load-note.ts'
import { mayGoOut } from '#server/federation/outbound/posts.ts'
import { findPostInboxes } from '#server/federation/outbound/recipients.ts'
import { send } from '#server/federation/outbound/send.ts'
import { voteOf } from '#server/federation/vocabulary/addresses.ts'
import { toVote } from '#server/federation/vocabulary/to-question.ts'
import { toPollUpdate } from '#server/federation/vocabulary/to-activity.ts'
import type { JobRun } from '#server/jobs/job-run.ts'
import { findOutgoing } from '#server/peers/outgoing-posts.ts'
import { findRecipients } from '#server/peers/recipients.ts'
import { findPostWithAuthor } from '#server/peers/relations.ts'
import { findVote } from '#server/polls/find-poll.ts'

/** One of ours voted in a poll elsewhere: Create of a Note that says the option alone, to the author alone. */
export const sendVote: LaterRun<'poll-voted'> = async (ctx, { voteId }, job) => {
  const vote = await findVote(ctx.db, voteId)
  // The poll was deleted or asks something else by now.
  if (!vote) return
  const [account, poll] = await Promise.all([findAccount(ctx.db, vote.accountId), findPostWithAuthor(ctx.db, vote.postId)])
  if (!account || account.domain !== null || !poll || poll.isLocal) return
  const recipients = await findRecipients(ctx.db, account.id, [poll.author.id])
  await send(ctx, job, {
    activity: toVote({
      uri: voteOf(account.uri, voteId),
      actorUri: account.uri,
      name: vote.name,
      pollUri: poll.uri,
      authorUri: poll.author.uri,
      createdAt: vote.createdAt
    }),
    actorId: account.id,
    orderKey: `votes ${account.id} ${vote.postId}`,
    direct: recipients.map((one) => one.inbox)
  })
}

/** Votes came in: Update with the counts, which is no edit, to all who hold a copy. */
export const sendPollCounts: LaterRun<'poll-counted'> = (ctx, { postId }, job) => tell(ctx, postId, job)

/** A poll of ours is over: the same, with the last counts and `closed`. */
export const sendPollEnd: LaterRun<'poll-ended'> = (ctx, { postId }, job) => tell(ctx, postId, job)

async function tell(ctx: Context, postId: number, job: JobRun): Promise<void> {
  const row = await findOutgoing(ctx.db, postId)
  if (!row || !mayGoOut(row) || row.post.type !== 'Question') return
  const { note, details } = await loadNote(ctx, row)
  const { direct, fanOut } = await findPostInboxes(ctx, row, details, { isChange: true })
  await send(ctx, job, {
    activity: toPollUpdate(note, job.id),
    actorId: row.post.authorId,
    objectUri: row.post.uri,
    orderKey: row.post.uri,
    // Nobody waits for it.
    direct: [],
    fanOut: [...direct, ...fanOut]
  })
}
