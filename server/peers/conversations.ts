import { and, asc, count, eq, isNull, type SQL, sql } from 'drizzle-orm'
import { prepare, type Reader } from '#db/reader.ts'
import { posts, type Visibility } from '#db/schema/posts.ts'
import { visibleTo } from '#server/posts/visibility.ts'

/** Answers to one post, or all posts of a thread, by the id of its first. */
export type Conversation = { repliesTo: number } | { threadId: number }

/** Ids and addresses of what a viewer (undefined: everybody) may see of a conversation, oldest first, from after the post `after`. */
export function findConversation(
  db: Reader,
  of: Conversation,
  viewerId: number | undefined,
  after: number,
  limit: number
): Promise<{ id: number; uri: string }[]> {
  return db
    .select({ id: posts.id, uri: posts.uri })
    .from(posts)
    .where(and(isOf(of, viewerId), sql`${posts.id} > ${after}`))
    .orderBy(asc(posts.id))
    .limit(limit)
}

/** How many posts `findConversation` would give in all. */
export async function countConversation(db: Reader, of: Conversation, viewerId: number | undefined): Promise<number> {
  const [row] = await db.select({ count: count() }).from(posts).where(isOf(of, viewerId))
  return Number(row?.count ?? 0)
}

function isOf(of: Conversation, viewerId: number | undefined): SQL | undefined {
  const isPart = 'threadId' in of ? eq(posts.threadId, of.threadId) : eq(posts.replyToId, of.repliesTo)
  return and(isPart, isNull(posts.boostOfId), visibleTo(viewerId))
}

const rootById = prepare((db: Reader) =>
  db
    .select({
      uri: posts.uri,
      isLocal: posts.isLocal,
      visibility: posts.visibility,
      isLocalOnly: posts.isLocalOnly,
      deletedAt: posts.deletedAt
    })
    .from(posts)
    .where(eq(posts.id, sql.placeholder('id')))
)

/** The first post of a thread. */
export async function findThreadRoot(
  db: Reader,
  threadId: number
): Promise<{ uri: string; isLocal: boolean; visibility: Visibility; isLocalOnly: boolean; deletedAt: number | null } | undefined> {
  const [row] = await rootById(db, { id: threadId })
  return row
}
