import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { notifications } from '#db/schema/notifications.ts'
import { pollOptions, polls, pollVotes } from '#db/schema/polls.ts'
import { record } from '#server/facts.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import type { CheckedPoll } from '#server/polls/check-poll.ts'
import { findPoll, isPollOver, type Poll } from '#server/polls/find-poll.ts'
import { type CleanPoll, endOf } from '#server/polls/told-poll.ts'
import { Refusal } from '#server/errors.ts'

/** Writes the poll of a new post of ours, with the job that ends it. */
export async function addOwnPoll(tx: Tx, postId: number, { options, isMultiple, lastsMs }: CheckedPoll): Promise<void> {
  if (lastsMs === undefined) throw new Refusal('invalid', 'errors.pollDuration', {}, 'pollEnds')
  const endsAt = tx.now + lastsMs
  await tx.insert(polls).values({ postId, isMultiple, endsAt, votersCount: 0, countedAt: tx.now })
  await addOptions(
    tx,
    postId,
    options.map((text) => ({ text, name: text, votes: 0 }))
  )
  await enqueueClose(tx, postId, endsAt, endsAt)
}

/**
 * Brings the poll of a post of ours to what its author says now; null takes it away. Options that stay as they are keep their votes, others start anew.
 * Whether anything changed. Refusal('invalid') when one that is over shall be asked anew without saying for how long.
 */
export async function changeOwnPoll(tx: Tx, postId: number, next: CheckedPoll | null): Promise<boolean> {
  const poll = await findPoll(tx, postId)
  if (next === null) {
    if (poll) await removePoll(tx, postId)
    return poll !== undefined
  }
  if (!poll) {
    await addOwnPoll(tx, postId, next)
    return true
  }
  const isSameQuestion = isSame(poll, next.isMultiple, next.options)
  if (!isSameQuestion && next.lastsMs === undefined && isPollOver(poll, tx.now))
    throw new Refusal('invalid', 'errors.pollOver', {}, 'pollEnds')
  if (isSameQuestion && next.lastsMs === undefined) return false
  const endsAt = next.lastsMs === undefined ? poll.endsAt : tx.now + next.lastsMs
  if (!isSameQuestion) {
    await startAnew(tx, postId)
    await addOptions(
      tx,
      postId,
      next.options.map((text) => ({ text, name: text, votes: 0 }))
    )
  }
  await tx
    .update(polls)
    .set({ isMultiple: next.isMultiple, endsAt, closedAt: null, ...(isSameQuestion ? {} : { votersCount: 0 }) })
    .where(eq(polls.postId, postId))
  if (poll.closedAt !== null) await forgetEnd(tx, postId)
  if (endsAt !== null && endsAt !== poll.endsAt) await enqueueClose(tx, postId, endsAt, endsAt)
  return true
}

/** Writes the poll of a new remote post. */
export async function addToldPoll(tx: Tx, postId: number, told: CleanPoll): Promise<void> {
  const { isMultiple, votersCount, options } = told
  await tx.insert(polls).values({ postId, isMultiple, votersCount, ...endOf(told, tx.now), countedAt: tx.now })
  await addOptions(tx, postId, options)
}

/** Whether another server asks the same as before: the same options, of which one or several may be chosen. */
export function isSameTold(poll: Poll | undefined, told: CleanPoll | undefined): boolean {
  if (!poll || !told) return !poll && !told
  return isSame(
    poll,
    told.isMultiple,
    told.options.map((option) => option.name)
  )
}

/**
 * Brings the poll of a remote post to what its author says now: counts and end, and when something else is asked than before, the votes of
 * our people go with it. Fact `poll-ended` when it ended by this.
 */
export async function changeToldPoll(tx: Tx, postId: number, poll: Poll | undefined, told: CleanPoll | undefined): Promise<void> {
  if (!told) {
    if (poll) await removePoll(tx, postId)
    return
  }
  if (!poll) return addToldPoll(tx, postId, told)
  if (!isSameTold(poll, told)) {
    await startAnew(tx, postId)
    await addOptions(tx, postId, told.options)
  } else {
    for (const [position, { votes }] of told.options.entries()) {
      if (poll.options[position]?.votesCount === votes) continue
      await tx
        .update(pollOptions)
        .set({ votesCount: votes })
        .where(and(eq(pollOptions.postId, postId), eq(pollOptions.position, position)))
    }
  }
  const { endsAt, closedAt: saidAt } = endOf(told, tx.now)
  // That it is over is not always said again.
  const closedAt = saidAt ?? (endsAt === poll.endsAt ? poll.closedAt : null)
  const { isMultiple, votersCount } = told
  await tx.update(polls).set({ isMultiple, votersCount, endsAt, closedAt, countedAt: tx.now }).where(eq(polls.postId, postId))
  if (closedAt !== null && poll.closedAt === null) await record(tx, 'poll-ended', { postId })
}

/** Nothing of a poll stays. */
export async function removePoll(tx: Tx, postId: number): Promise<void> {
  await startAnew(tx, postId)
  await tx.delete(polls).where(eq(polls.postId, postId))
}

/**
 * Keeps everybody else from voting in a poll until the transaction ends, since what one vote changes depends on those before; undefined when it is over
 * or there is none.
 */
export async function lockOpenPoll(tx: Tx, postId: number): Promise<Poll | undefined> {
  const [row] = await tx
    .update(polls)
    .set({ votersCount: sql`${polls.votersCount}` })
    .where(and(eq(polls.postId, postId), isNull(polls.closedAt), sql`(${polls.endsAt} is null or ${polls.endsAt} > ${tx.now})`))
    .returning({ postId: polls.postId })
  return row && findPoll(tx, postId)
}

/** The job that looks after a poll at its end; one that was moved is looked after anew. */
export async function enqueueClose(tx: Tx, postId: number, endsAt: number, runAt: number): Promise<void> {
  await enqueue(tx, { kind: 'close-poll', input: { postId, endsAt }, lane: 'slow', onceKey: `close-poll ${postId} ${endsAt}`, runAt })
}

/** Options and votes go, and the word that it ended. */
async function startAnew(tx: Tx, postId: number): Promise<void> {
  await tx.delete(pollVotes).where(eq(pollVotes.postId, postId))
  await tx.delete(pollOptions).where(eq(pollOptions.postId, postId))
  await forgetEnd(tx, postId)
}

/** It can end again, and be told again. */
async function forgetEnd(tx: Tx, postId: number): Promise<void> {
  await tx.delete(notifications).where(and(eq(notifications.kind, 'poll'), eq(notifications.postId, postId)))
}

async function addOptions(tx: Tx, postId: number, options: readonly { text: string; name: string; votes: number }[]): Promise<void> {
  await tx
    .insert(pollOptions)
    .values(options.map(({ text, name, votes }, position) => ({ postId, position, text, name, votesCount: votes })))
}

function isSame(poll: Poll, isMultiple: boolean, names: readonly string[]): boolean {
  return (
    poll.isMultiple === isMultiple && poll.options.length === names.length && poll.options.every((option, at) => option.name === names[at])
  )
}
