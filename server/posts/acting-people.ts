import { and, desc, eq, lt, sql } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { favourites, posts } from '#db/schema/posts.ts'
import type { Account } from '#server/accounts/who.ts'
import { accountsByIds } from '#server/posts/load-posts.ts'
import { isAccountHidden, isBlockedBetween } from '#server/posts/visibility.ts'

interface Asked {
  before?: number | undefined
  limit: number
}

interface ActingPeople {
  people: Account[]
  olderCursor: number | undefined
}

/**
 * Who boosted a post, the last one first; without those who are hidden from everybody, or from the viewer by a block. The post's visibility has been
 * asked by the caller.
 */
export async function boostingPeople(db: Reader, viewerId: number | undefined, postId: number, asked: Asked): Promise<ActingPeople> {
  const { before = Number.MAX_SAFE_INTEGER, limit } = asked
  const rows = await db
    .select({ cursor: posts.id, accountId: posts.authorId })
    .from(posts)
    .where(and(eq(posts.boostOfId, postId), lt(posts.id, before), sql`${posts.deletedAt} is null`, isShownTo(viewerId, posts.authorId)))
    .orderBy(desc(posts.id))
    .limit(limit + 1)
  return pageOf(db, rows, limit)
}

/** Who favourited a post, by the same rules. */
export async function favouritingPeople(db: Reader, viewerId: number | undefined, postId: number, asked: Asked): Promise<ActingPeople> {
  const { before = Number.MAX_SAFE_INTEGER, limit } = asked
  const rows = await db
    .select({ cursor: favourites.id, accountId: favourites.accountId })
    .from(favourites)
    .where(and(eq(favourites.postId, postId), lt(favourites.id, before), isShownTo(viewerId, favourites.accountId)))
    .orderBy(desc(favourites.id))
    .limit(limit + 1)
  return pageOf(db, rows, limit)
}

function isShownTo(viewerId: number | undefined, accountId: typeof posts.authorId | typeof favourites.accountId) {
  const isSeen = sql`not ${isAccountHidden(accountId)}`
  return viewerId === undefined ? isSeen : and(isSeen, sql`not ${isBlockedBetween(viewerId, accountId)}`)
}

async function pageOf(db: Reader, rows: { cursor: number; accountId: number }[], limit: number): Promise<ActingPeople> {
  const shown = rows.slice(0, limit)
  const accounts = await accountsByIds(
    db,
    shown.map(({ accountId }) => accountId)
  )
  return {
    people: shown.flatMap(({ accountId }) => accounts.get(accountId) ?? []),
    olderCursor: rows.length > limit ? shown.at(-1)!.cursor : undefined
  }
}
