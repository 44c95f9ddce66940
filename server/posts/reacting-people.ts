import { and, desc, eq, lt, sql } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { reactions } from '#db/schema/reactions.ts'
import type { Account } from '#server/accounts/who.ts'
import { accountsByIds } from '#server/posts/load-posts.ts'
import { isAccountHidden, isBlockedBetween } from '#server/posts/visibility.ts'

/**
 * Who reacted to a post, the last one first, each with their emoji; without those who are hidden from everybody, or from the viewer by a block. The post's
 * visibility has been asked by the caller.
 */
export async function reactingPeople(
  db: Reader,
  viewerId: number | undefined,
  postId: number,
  { before = Number.MAX_SAFE_INTEGER, limit }: { before?: number | undefined; limit: number }
): Promise<{ people: { account: Account; emoji: string[] }[]; olderCursor: number | undefined }> {
  const rows = await db
    .select()
    .from(reactions)
    .where(
      and(
        eq(reactions.postId, postId),
        lt(reactions.id, before),
        sql`not ${isAccountHidden(reactions.accountId)}`,
        viewerId === undefined ? undefined : sql`not ${isBlockedBetween(viewerId, reactions.accountId)}`
      )
    )
    .orderBy(desc(reactions.id))
    .limit(limit + 1)
  const shown = rows.slice(0, limit)
  const accounts = await accountsByIds(
    db,
    shown.map((row) => row.accountId)
  )
  const people = [...Map.groupBy(shown, (row) => row.accountId)].flatMap(([accountId, theirs]) => {
    const account = accounts.get(accountId)
    return account ? [{ account, emoji: theirs.map(({ emoji }) => emoji) }] : []
  })
  return { people, olderCursor: rows.length > limit ? shown.at(-1)?.id : undefined }
}
