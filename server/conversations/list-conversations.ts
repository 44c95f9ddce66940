import { and, desc, eq, gt, inArray, lt, sql } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { postAudience, posts } from '#db/schema/posts.ts'
import { conversations } from '#db/schema/timelines.ts'
import type { Account } from '#server/accounts/who.ts'
import { accountsByIds, loadPosts, type PostDetails } from '#server/posts/load-posts.ts'
import { postsByIds } from '#server/posts/posts-by-ids.ts'
import { isMuted, isThreadMuted } from '#server/posts/quieting.ts'
import { visibleTo } from '#server/posts/visibility.ts'
import { at, candidateColumns, prepareByCount } from '#server/timelines/candidates.ts'
import { boundsOf, fillPage, type Page, type Reading } from '#server/timelines/pages.ts'

export interface Conversation {
  threadId: number
  /** Its newest direct post. */
  last: PostDetails
  /** For whom the newest post is, and who wrote it, without the reader; empty when they talk to themselves. */
  others: Account[]
  isUnread: boolean
}

export interface ConversationsPage {
  conversations: Conversation[]
  /** From where older ones go on; undefined when there are none. */
  olderCursor: number | undefined
}

/** Somebody's conversations of direct posts, the one with the newest post first, but for those whose last word is by somebody muted or blocked. */
export async function listConversations(ctx: Reading, accountId: number, page: Page = {}): Promise<ConversationsPage> {
  const { db } = ctx
  const bounds = boundsOf(page)
  const values = { me: accountId, now: ctx.clock.now(), after: bounds.after }
  const { ids, olderCursor } = await fillPage(bounds, (before, count) => byLastPost(db, count, { ...values, before }))
  if (ids.length === 0) return { conversations: [], olderCursor }
  const rows = await db
    .select()
    .from(conversations)
    .where(and(eq(conversations.accountId, accountId), inArray(conversations.lastPostId, ids)))
  const byPost = new Map(rows.map((row) => [row.lastPostId, row]))
  const details = await loadPosts(db, accountId, await postsByIds(db, ids))
  const others = await othersOf(db, accountId, details)
  return {
    conversations: details.flatMap((last) => {
      const row = byPost.get(last.post.id)
      return row ? [{ threadId: row.threadId, last, others: others.get(last.post.id) ?? [], isUnread: row.isUnread }] : []
    }),
    olderCursor
  }
}

const byLastPost = prepareByCount((db: Reader, count) =>
  db
    .select(
      candidateColumns(
        sql`${visibleTo(at.me)} and not ${isMuted(at.me, posts.authorId, at.now)} and not ${isThreadMuted(at.me, posts.threadId)}`
      )
    )
    .from(conversations)
    .innerJoin(posts, eq(posts.id, conversations.lastPostId))
    .where(and(eq(conversations.accountId, at.me), lt(conversations.lastPostId, at.before), gt(conversations.lastPostId, at.after)))
    .orderBy(desc(conversations.lastPostId))
    .limit(count)
)

async function othersOf(db: Reader, me: number, details: readonly PostDetails[]): Promise<Map<number, Account[]>> {
  const ids = details.map(({ post }) => post.id)
  const named = await db
    .select({ postId: postAudience.postId, accountId: postAudience.accountId })
    .from(postAudience)
    .where(and(inArray(postAudience.postId, ids), eq(postAudience.kind, 'person')))
  const accounts = await accountsByIds(
    db,
    named.map(({ accountId }) => accountId)
  )
  return new Map(
    details.map(({ post, author }) => {
      const people = [author, ...named.flatMap(({ postId, accountId }) => (postId === post.id ? (accounts.get(accountId) ?? []) : []))]
      return [post.id, [...new Map(people.map((each) => [each.id, each])).values()].filter(({ id }) => id !== me)]
    })
  )
}
