import { and, desc, eq, inArray, isNull, ne, sql } from 'drizzle-orm'
import { prepare, type Reader, type Tx } from '#db/reader.ts'
import { postAudience, posts } from '#db/schema/posts.ts'
import { users } from '#db/schema/sign-in.ts'
import { conversations } from '#db/schema/timelines.ts'
import { isThere } from '#server/posts/is-there.ts'

type ConversationRow = typeof conversations.$inferSelect

const directById = prepare((tx: Tx) =>
  tx
    .select({ id: posts.id, authorId: posts.authorId, threadId: posts.threadId })
    .from(posts)
    .where(and(eq(posts.id, sql.placeholder('id')), eq(posts.visibility, 'direct'), isNull(posts.boostOfId), isNull(posts.deletedAt)))
)

/** Reaction: a direct post stands first in the conversations of those of ours who take part, unread for all but its author. `isOld`: nobody is told of it. */
export async function touchConversations(tx: Tx, { postId, isOld = false }: { postId: number; isOld?: boolean }): Promise<void> {
  const [post] = await directById(tx, { id: postId })
  if (!post) return
  for (const { accountId } of await partiesOf(tx, post.id))
    await upsert(tx, { accountId, threadId: post.threadId, lastPostId: post.id, isUnread: !isOld && accountId !== post.authorId })
}

/** Threads became part of another: what anybody had of them is one conversation now. */
export async function joinConversations(tx: Tx, threadIds: readonly number[], intoId: number): Promise<void> {
  const moved = await tx
    .delete(conversations)
    .where(and(inArray(conversations.threadId, [...threadIds]), ne(conversations.threadId, intoId)))
    .returning()
  for (const row of moved) await upsert(tx, { ...row, threadId: intoId })
}

/** A direct post is gone: the one before it stands for its conversation, or nothing does any more. */
export async function stepBackInConversations(tx: Tx, postIds: readonly number[]): Promise<void> {
  const rows = await tx
    .select()
    .from(conversations)
    .where(inArray(conversations.lastPostId, [...postIds]))
  for (const row of rows) {
    const before = await lastPostOf(tx, row, postIds)
    const which = and(eq(conversations.accountId, row.accountId), eq(conversations.threadId, row.threadId))
    if (before === undefined) await tx.delete(conversations).where(which)
    else await tx.update(conversations).set({ lastPostId: before }).where(which)
  }
}

/** People of ours for whom a post is, with its author. */
function partiesOf(tx: Tx, postId: number): Promise<{ accountId: number }[]> {
  const isNamed = isThere(
    sql`from ${postAudience} where ${postAudience.postId} = ${posts.id} and ${postAudience.accountId} = ${users.accountId} and ${postAudience.kind} <> 'followers'`
  )
  const candidates = sql`(select account_id from ${postAudience} where post_id = ${postId} union select author_id from ${posts} where id = ${postId})`
  return tx
    .select({ accountId: users.accountId })
    .from(users)
    .innerJoin(posts, eq(posts.id, postId))
    .where(and(sql`${users.accountId} in ${candidates}`, sql`(${users.accountId} = ${posts.authorId} or ${isNamed})`))
}

/** The newest of both stands; whether it is read follows it. */
async function upsert(tx: Tx, row: ConversationRow): Promise<void> {
  const isNewer = sql`excluded.last_post_id > ${conversations.lastPostId}`
  await tx
    .insert(conversations)
    .values(row)
    .onConflictDoUpdate({
      target: [conversations.accountId, conversations.threadId],
      set: {
        lastPostId: sql`case when ${isNewer} then excluded.last_post_id else ${conversations.lastPostId} end`,
        isUnread: sql`case when ${isNewer} then excluded.is_unread else ${conversations.isUnread} end`
      }
    })
}

async function lastPostOf(db: Reader, { accountId, threadId }: ConversationRow, without: readonly number[]): Promise<number | undefined> {
  const isNamed = isThere(
    sql`from ${postAudience} where ${postAudience.postId} = ${posts.id} and ${postAudience.accountId} = ${accountId} and ${postAudience.kind} <> 'followers'`
  )
  const [last] = await db
    .select({ id: posts.id })
    .from(posts)
    .where(
      and(
        eq(posts.threadId, threadId),
        eq(posts.visibility, 'direct'),
        isNull(posts.deletedAt),
        sql`${posts.id} not in (${sql.join([...without], sql`, `)})`,
        sql`(${posts.authorId} = ${accountId} or ${isNamed})`
      )
    )
    .orderBy(desc(posts.id))
    .limit(1)
  return last?.id
}
