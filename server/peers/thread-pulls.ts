import { and, desc, eq, gt, isNull, lt } from 'drizzle-orm'
import type { Reader, Tx } from '#db/reader.ts'
import { posts } from '#db/schema/posts.ts'
import { threadPulls } from '#db/schema/threads.ts'
import type { Context } from '#server/context.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { fetchJob } from '#server/jobs/fetch-job.ts'
import { addSources, countWaiting, forgetSources, leadsOfThread, markDone, type ThreadSource } from '#server/peers/thread-sources.ts'
import type { PostRow } from '#server/posts/find-post.ts'

/** Requests of one pull, in all its steps, and pulls under way at once. */
const fetchesMax = 500
const runningMax = 30

const hourMs = 60 * 60_000
/** A conversation that goes on is looked at again soon, an old one once a day. */
const livelyMs = 24 * hourMs
const againLivelyMs = 10 * 60_000
const againMs = 24 * hourMs
/** Somebody who asks for it may have it looked at again this soon. */
const againAskedMs = 60_000
/** What has not ended by then was lost with its job. */
const runningMsMax = 30 * 60_000
const keptMs = 7 * 24 * hourMs
const missingHostsMax = 10

export type ThreadPull = typeof threadPulls.$inferSelect

/** The last pull of a thread. */
async function findPull(db: Reader, threadId: number): Promise<ThreadPull | undefined> {
  const [pull] = await db.select().from(threadPulls).where(eq(threadPulls.threadId, threadId)).orderBy(desc(threadPulls.id)).limit(1)
  return pull
}

export async function findPullById(db: Reader, id: number): Promise<ThreadPull | undefined> {
  const [pull] = await db.select().from(threadPulls).where(eq(threadPulls.id, id))
  return pull
}

/** The thread of the post that was opened, as it is known by now. */
export async function threadOfPull(db: Reader, pull: ThreadPull): Promise<number> {
  const [anchor] = await db.select({ threadId: posts.threadId }).from(posts).where(eq(posts.id, pull.anchorId))
  return anchor?.threadId ?? pull.threadId
}

export function isPulling(pull: ThreadPull, now: number): boolean {
  return pull.endedAt === null && now - pull.startedAt < runningMsMax
}

/**
 * Somebody signed in opens a thread: what is missing of it is pulled as a job, when that is due, something of it is from elsewhere, and not too
 * much is under way already; `isAsked`: they asked for it, and it is due a minute after the last. Gives the last pull, if there is one.
 */
export async function openThread(ctx: Context, post: PostRow, { isAsked = false } = {}): Promise<ThreadPull | undefined> {
  const now = ctx.clock.now()
  const known = await findPull(ctx.db, post.threadId)
  if (known && (isPulling(known, now) || !isDueAgain(known, now, isAsked))) return known
  const sources = await leadsOfThread(ctx.db, post.threadId)
  if (sources.length === 0) return known
  await ctx.transact(async (tx) => {
    const isRunning = and(isNull(threadPulls.endedAt), gt(threadPulls.startedAt, tx.now - runningMsMax))
    if ((await tx.$count(threadPulls, isRunning)) >= runningMax) return
    await tx.delete(threadPulls).where(eq(threadPulls.threadId, post.threadId))
    const id = tx.newId()
    const again = tx.now + (tx.now - post.createdAt < livelyMs ? againLivelyMs : againMs)
    await tx
      .insert(threadPulls)
      .values({ id, threadId: post.threadId, anchorId: post.id, fetchesLeft: fetchesMax, startedAt: tx.now, againAt: again })
    await addSources(tx, id, sources)
    await enqueue(tx, fetchJob('pull-thread', id, { pullId: id }))
  })
  return findPull(ctx.db, post.threadId)
}

export function isDueAgain(pull: ThreadPull, now: number, isAsked: boolean): boolean {
  return isAsked ? now - (pull.endedAt ?? pull.startedAt) >= againAskedMs : now >= pull.againAt
}

/** What one step came to. */
export interface PullStep {
  done: string[]
  found: ThreadSource[]
  postsCount: number
  missingHosts: string[]
  fetches: number
}

/** Notes a step; true when the pull goes on. The last step forgets what was looked at, and pulls of last week. */
export async function notePullStep(tx: Tx, pull: ThreadPull, step: PullStep): Promise<boolean> {
  await markDone(tx, pull.id, step.done)
  await addSources(tx, pull.id, step.found)
  const fetchesLeft = Math.max(0, pull.fetchesLeft - step.fetches)
  const waiting = await countWaiting(tx, pull.id)
  const isOver = waiting === 0 || fetchesLeft === 0
  await tx
    .update(threadPulls)
    .set({
      threadId: await threadOfPull(tx, pull),
      fetchesLeft,
      postsCount: pull.postsCount + step.postsCount,
      missingHosts: [...new Set([...pull.missingHosts, ...step.missingHosts])].slice(0, missingHostsMax),
      missingCount: pull.missingCount + step.missingHosts.length + (isOver ? waiting : 0),
      ...(isOver ? { endedAt: tx.now } : {})
    })
    .where(eq(threadPulls.id, pull.id))
  if (!isOver) return true
  await forgetSources(tx, pull.id)
  await tx.delete(threadPulls).where(lt(threadPulls.startedAt, tx.now - keptMs))
  return false
}
