import { chunksOf } from '#server/platform/chunks.ts'
import { and, asc, count, desc, eq, isNull, lt, sql } from 'drizzle-orm'
import type { Reader, Tx } from '#db/reader.ts'
import { posts } from '#db/schema/posts.ts'
import { threadPulls, threadSources } from '#db/schema/threads.ts'
import type { Context } from '#server/context.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { fetchJob } from '#server/jobs/fetch-job.ts'
import type { PostRow } from '#server/posts/find-post.ts'

/** Requests of one pull, in all its steps; pulls under way at once; sources remembered of one. */
const fetchesMax = 500
const runningMax = 30
const sourcesMax = 2_000
export const depthMax = 20

const hourMs = 60 * 60_000
/** A conversation that goes on is looked at again soon, an old one once a day. */
const livelyMs = 24 * hourMs
const againLivelyMs = 10 * 60_000
const againMs = 24 * hourMs
/** What has not ended by then was lost with its job. */
const runningMsMax = 30 * 60_000
const keptMs = 7 * 24 * hourMs
const missingHostsMax = 10

export type ThreadPull = typeof threadPulls.$inferSelect
export type ThreadSource = Pick<typeof threadSources.$inferSelect, 'url' | 'kind' | 'depth'>

/** The last pull of a thread. */
export async function findPull(db: Reader, threadId: number): Promise<ThreadPull | undefined> {
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

/** Whether an address is among what a pull looks at. */
export async function isSource(db: Reader, pullId: number, url: string): Promise<boolean> {
  return (await db.$count(threadSources, and(eq(threadSources.pullId, pullId), eq(threadSources.url, url)))) > 0
}

export function isPulling(pull: ThreadPull, now: number): boolean {
  return pull.endedAt === null && now - pull.startedAt < runningMsMax
}

/**
 * Somebody signed in opens a thread: what is missing of it is pulled as a job, when that is due, something of it is from elsewhere, and not too
 * much is under way already. Gives the last pull, if there is one.
 */
export async function openThread(ctx: Context, post: PostRow): Promise<ThreadPull | undefined> {
  const now = ctx.clock.now()
  const known = await findPull(ctx.db, post.threadId)
  if (known && (isPulling(known, now) || known.againAt > now)) return known
  const sources = await sourcesOf(ctx.db, post)
  if (sources.length === 0) return known
  await ctx.transact(async (tx) => {
    const [running] = await tx
      .select({ count: count() })
      .from(threadPulls)
      .where(
        and(isNull(threadPulls.endedAt), lt(threadPulls.startedAt, tx.now + 1), sql`${threadPulls.startedAt} > ${tx.now - runningMsMax}`)
      )
    if ((running?.count ?? 0) >= runningMax) return
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

/** What is known to lead further: the missing parent, and the collections that posts of the thread name. */
export async function sourcesOf(db: Reader, post: PostRow): Promise<ThreadSource[]> {
  const rows = await db
    .select({
      replyToId: posts.replyToId,
      replyToUri: posts.replyToUri,
      repliesUrl: posts.repliesUrl,
      contextUrl: posts.contextUrl
    })
    .from(posts)
    .where(and(eq(posts.threadId, post.threadId), isNull(posts.boostOfId), isNull(posts.deletedAt)))
    .orderBy(asc(posts.id))
    .limit(sourcesMax)
  const found: ThreadSource[] = []
  for (const row of rows) {
    if (row.replyToId === null && row.replyToUri !== null) found.push({ url: row.replyToUri, kind: 'post', depth: 0 })
    if (row.contextUrl !== null) found.push({ url: row.contextUrl, kind: 'context', depth: 0 })
    if (row.repliesUrl !== null) found.push({ url: row.repliesUrl, kind: 'replies', depth: 1 })
  }
  return found
}

/** Adds what a pull is to look at, each address once. */
export async function addSources(tx: Tx, pullId: number, sources: readonly ThreadSource[]): Promise<void> {
  const known = await tx.$count(threadSources, eq(threadSources.pullId, pullId))
  const fresh = sources.filter(({ depth }) => depth <= depthMax).slice(0, Math.max(0, sourcesMax - known))
  const byUrl = new Map(fresh.map((source) => [source.url, source]))
  if (byUrl.size === 0) return
  const rows = [...byUrl.values()].map((source) => ({ pullId, ...source }))
  for (const some of chunksOf(rows)) await tx.insert(threadSources).values(some).onConflictDoNothing()
}

/** What comes next: what is near before what is far. */
export function nextSources(db: Reader, pullId: number, limit: number): Promise<ThreadSource[]> {
  return db
    .select({ url: threadSources.url, kind: threadSources.kind, depth: threadSources.depth })
    .from(threadSources)
    .where(and(eq(threadSources.pullId, pullId), eq(threadSources.isDone, false)))
    .orderBy(asc(threadSources.depth), asc(threadSources.url))
    .limit(limit)
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
  for (const url of step.done)
    await tx
      .update(threadSources)
      .set({ isDone: true })
      .where(and(eq(threadSources.pullId, pull.id), eq(threadSources.url, url)))
  await addSources(tx, pull.id, step.found)
  const fetchesLeft = Math.max(0, pull.fetchesLeft - step.fetches)
  const waiting = await tx.$count(threadSources, and(eq(threadSources.pullId, pull.id), eq(threadSources.isDone, false)))
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
  await tx.delete(threadSources).where(eq(threadSources.pullId, pull.id))
  await tx.delete(threadPulls).where(lt(threadPulls.startedAt, tx.now - keptMs))
  return false
}
