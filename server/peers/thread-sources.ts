import { and, asc, eq, inArray, isNull } from 'drizzle-orm'
import type { Reader, Tx } from '#db/reader.ts'
import { posts } from '#db/schema/posts.ts'
import { threadSources } from '#db/schema/threads.ts'
import { chunksOf } from '#server/platform/chunks.ts'
import type { PostRow } from '#server/posts/find-post.ts'

/** Addresses remembered of one pull, and how far from the opened post they may lead. */
const sourcesMax = 2_000
const depthMax = 20

/** What a pull is to look at; `depth` in steps from the post that was opened. */
export type ThreadSource = Pick<typeof threadSources.$inferSelect, 'url' | 'kind' | 'depth' | 'postId'>

type Leading = Pick<PostRow, 'id' | 'replyToId' | 'replyToUri' | 'repliesUrl' | 'contextUrl'>

/** Where a post leads: its parent when that is not here, the conversation as its server lists it, and its answers. Pure. */
export function leadsOf({ id: postId, replyToId, replyToUri, repliesUrl, contextUrl }: Leading, depth: number): ThreadSource[] {
  return [
    ...(replyToId === null && replyToUri !== null ? [{ url: replyToUri, kind: 'post' as const, depth: 0, postId }] : []),
    ...(contextUrl === null ? [] : [{ url: contextUrl, kind: 'context' as const, depth, postId }]),
    ...(repliesUrl === null ? [] : [{ url: repliesUrl, kind: 'replies' as const, depth: depth + 1, postId }])
  ]
}

/** Where the posts of a thread that are here lead. */
export async function leadsOfThread(db: Reader, threadId: number): Promise<ThreadSource[]> {
  const rows = await db
    .select({
      id: posts.id,
      replyToId: posts.replyToId,
      replyToUri: posts.replyToUri,
      repliesUrl: posts.repliesUrl,
      contextUrl: posts.contextUrl
    })
    .from(posts)
    .where(and(eq(posts.threadId, threadId), isNull(posts.boostOfId), isNull(posts.deletedAt)))
    .orderBy(asc(posts.id))
    .limit(sourcesMax)
  return rows.flatMap((row) => leadsOf(row, 0))
}

/** Adds what a pull is to look at, each address once; what is too far, or too much, is left out. */
export async function addSources(tx: Tx, pullId: number, sources: readonly ThreadSource[]): Promise<void> {
  const known = await tx.$count(threadSources, eq(threadSources.pullId, pullId))
  const fresh = sources.filter(({ depth }) => depth <= depthMax).slice(0, Math.max(0, sourcesMax - known))
  const byUrl = new Map(fresh.map((source) => [source.url, source]))
  const rows = [...byUrl.values()].map((source) => ({ pullId, ...source }))
  for (const some of chunksOf(rows)) await tx.insert(threadSources).values(some).onConflictDoNothing()
}

/** What comes next: what is near before what is far. */
export function nextSources(db: Reader, pullId: number, limit: number): Promise<ThreadSource[]> {
  return db
    .select({ url: threadSources.url, kind: threadSources.kind, depth: threadSources.depth, postId: threadSources.postId })
    .from(threadSources)
    .where(isWaiting(pullId))
    .orderBy(asc(threadSources.depth), asc(threadSources.url))
    .limit(limit)
}

export function countWaiting(db: Reader, pullId: number): Promise<number> {
  return db.$count(threadSources, isWaiting(pullId))
}

/** Whether an address is among what a pull looks at, or has looked at. */
export async function isSource(db: Reader, pullId: number, url: string): Promise<boolean> {
  return (await db.$count(threadSources, and(eq(threadSources.pullId, pullId), eq(threadSources.url, url)))) > 0
}

export async function markDone(tx: Tx, pullId: number, urls: readonly string[]): Promise<void> {
  for (const some of chunksOf(urls))
    await tx
      .update(threadSources)
      .set({ isDone: true })
      .where(and(eq(threadSources.pullId, pullId), inArray(threadSources.url, some)))
}

export async function forgetSources(tx: Tx, pullId: number): Promise<void> {
  await tx.delete(threadSources).where(eq(threadSources.pullId, pullId))
}

function isWaiting(pullId: number) {
  return and(eq(threadSources.pullId, pullId), eq(threadSources.isDone, false))
}
