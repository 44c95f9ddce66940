import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm'
import { prepare, type Reader } from '#db/reader.ts'
import { reactionCounts, reactions } from '#db/schema/reactions.ts'
import { prepareByIds } from '#server/posts/posts-by-ids.ts'

export interface ReactionCount {
  /** As kept: an emoji of Unicode, or `:shortcode@host:`. */
  emoji: string
  /** Of a custom emoji's picture; null for Unicode. */
  mediaKey: string | null
  count: number
  /** The viewer is among them. */
  isOwn: boolean
}

type CountRow = typeof reactionCounts.$inferSelect

const countsOf = prepareByIds<CountRow>((db, ids) =>
  db
    .select()
    .from(reactionCounts)
    .where(inArray(reactionCounts.postId, ids))
    .orderBy(asc(reactionCounts.createdAt), asc(reactionCounts.emoji))
)
const ownOf = prepareByIds<{ postId: number; emoji: string }, { me: number }>((db, ids) =>
  db
    .select({ postId: reactions.postId, emoji: reactions.emoji })
    .from(reactions)
    .where(and(eq(reactions.accountId, sql.placeholder('me')), inArray(reactions.postId, ids)))
)
const byOneOf = prepare((db: Reader) =>
  db
    .select({ emoji: reactions.emoji, mediaKey: reactionCounts.mediaKey })
    .from(reactions)
    .innerJoin(reactionCounts, and(eq(reactionCounts.postId, reactions.postId), eq(reactionCounts.emoji, reactions.emoji)))
    .where(and(eq(reactions.accountId, sql.placeholder('accountId')), eq(reactions.postId, sql.placeholder('postId'))))
    .orderBy(desc(reactions.id))
    .limit(1)
)

/** What stands under each of some posts, the first one first; posts without reactions are left out. `viewerId` undefined for nobody signed in. */
export async function reactionsOf(
  db: Reader,
  viewerId: number | undefined,
  postIds: readonly number[]
): Promise<Map<number, ReactionCount[]>> {
  const rows = await countsOf(db, postIds)
  if (rows.length === 0) return new Map()
  const reacted = [...new Set(rows.map(({ postId }) => postId))]
  const own = viewerId === undefined ? [] : await ownOf(db, reacted, { me: viewerId })
  const isOwn = new Set(own.map(({ postId, emoji }) => `${postId} ${emoji}`))
  const byPost = Map.groupBy(rows, ({ postId }) => postId)
  return new Map(
    [...byPost].map(([postId, counts]) => [
      postId,
      counts.map(({ emoji, mediaKey, count }) => ({ emoji, mediaKey, count, isOwn: isOwn.has(`${postId} ${emoji}`) }))
    ])
  )
}

/** The last emoji that somebody left under a post; undefined when they took it back. */
export async function lastReactionOf(
  db: Reader,
  accountId: number,
  postId: number
): Promise<Pick<ReactionCount, 'emoji' | 'mediaKey'> | undefined> {
  const [row] = await byOneOf(db, { accountId, postId })
  return row
}
