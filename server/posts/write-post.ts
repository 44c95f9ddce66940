import { type AnyColumn, and, eq, inArray, ne, not, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import { prepare, type Tx } from '#db/reader.ts'
import { postAudience, postMentions, posts, postTags } from '#db/schema/posts.ts'
import { joinConversations } from '#server/conversations/touch-conversation.ts'
import type { PostRow } from '#server/posts/find-post.ts'
import { carryThreadMutes } from '#server/posts/mute-thread.ts'
import { isForAnybody } from '#server/posts/visibility.ts'

export interface PostLinks {
  mentionIds: readonly number[]
  /** Keys as of tagKey. */
  tags: readonly string[]
}

export type AudienceRow = Omit<typeof postAudience.$inferInsert, 'postId'>

/** Up to so many rows are written by a statement that is prepared, one after the other; more by one that is built for them. */
const fewRows = 4

const insertAudience = prepare((tx: Tx) =>
  tx
    .insert(postAudience)
    .values({ postId: sql.placeholder('postId'), accountId: sql.placeholder('accountId'), kind: sql.placeholder('kind') as never })
    .onConflictDoNothing()
)

const insertMention = prepare((tx: Tx) =>
  tx.insert(postMentions).values({ postId: sql.placeholder('postId'), accountId: sql.placeholder('accountId') })
)

const insertTag = prepare((tx: Tx) => tx.insert(postTags).values({ postId: sql.placeholder('postId'), tag: sql.placeholder('tag') }))

/** Posts of a thread that a post which comes after them is set above; each moves, so that a stranger who sends a thread from its end would have ever more moved. */
const lateThreadMax = 2_000

const waitsFor = sql`${posts.replyToUri} = ${sql.placeholder('uri')} and ${posts.replyToId} is null`

const adopt = prepare((tx: Tx) =>
  tx
    .update(posts)
    .set({ replyToId: sql`${sql.placeholder('id')}`, replyToAuthorId: sql`${sql.placeholder('authorId')}` })
    .where(and(waitsFor, ne(posts.threadId, sql.placeholder('threadId')), not(isLong(posts.threadId))))
    .returning({ threadId: posts.threadId, visibility: posts.visibility, isLocalOnly: posts.isLocalOnly, deletedAt: posts.deletedAt })
)

/** Writes whom a post is for; rows that stand already stay. */
export async function addAudience(tx: Tx, postId: number, audience: readonly AudienceRow[]): Promise<void> {
  if (audience.length <= fewRows) {
    for (const row of audience) await insertAudience(tx, { ...row, postId })
    return
  }
  await tx
    .insert(postAudience)
    .values(audience.map((row) => ({ ...row, postId })))
    .onConflictDoNothing()
}

/** Writes the mentions and tags of a new post. */
export async function addLinks(tx: Tx, postId: number, { mentionIds, tags }: PostLinks): Promise<void> {
  const people = [...new Set(mentionIds)]
  const topics = [...new Set(tags)]
  if (people.length <= fewRows) for (const accountId of people) await insertMention(tx, { postId, accountId })
  else await tx.insert(postMentions).values(people.map((accountId) => ({ postId, accountId })))
  if (topics.length <= fewRows) for (const tag of topics) await insertTag(tx, { postId, tag })
  else await tx.insert(postTags).values(topics.map((tag) => ({ postId, tag })))
}

/** Brings a post's mentions and tags to what its text says now. */
export async function replaceLinks(tx: Tx, postId: number, links: PostLinks): Promise<void> {
  await tx.delete(postMentions).where(eq(postMentions.postId, postId))
  await tx.delete(postTags).where(eq(postTags.postId, postId))
  await addLinks(tx, postId, links)
}

/**
 * Gives replies that came before their parent the place they belong to, with all that hangs on them, but for one that the parent hangs on itself, and for
 * threads that grew too long without it: those go on by themselves. Returns how many are counted. An update that finds nothing takes four times as long as to
 * look (find-traces.ts): this is for whoever has looked.
 */
export async function adoptReplies(tx: Tx, parent: Pick<PostRow, 'id' | 'uri' | 'authorId' | 'threadId'>): Promise<number> {
  const replies = await adopt(tx, { id: parent.id, authorId: parent.authorId, uri: parent.uri, threadId: parent.threadId })
  if (replies.length === 0) return 0
  // A reply without its parent was the root of what was known: its thread, whole, hangs on the parent now.
  const threadIds = [...new Set(replies.map((reply) => reply.threadId))]
  await tx.update(posts).set({ threadId: parent.threadId }).where(inArray(posts.threadId, threadIds))
  await carryThreadMutes(tx, threadIds, parent.threadId)
  await joinConversations(tx, threadIds, parent.threadId)
  const counted = replies.filter((reply) => reply.deletedAt === null && isForAnybody(reply)).length
  if (counted > 0)
    await tx
      .update(posts)
      .set({ repliesCount: sql`${posts.repliesCount} + ${counted}` })
      .where(eq(posts.id, parent.id))
  return counted
}

/** Whether a thread has grown too long to be moved below a post that comes after it. */
export function isLong(threadId: AnyColumn | number): SQL {
  const inThread = alias(posts, 'in_thread')
  return sql`((select 1 from ${posts} in_thread where ${inThread.threadId} = ${threadId} limit 1 offset ${sql.raw(String(lateThreadMax))}) is not null)`
}
