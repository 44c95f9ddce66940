import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { follows } from '#db/schema/follows.ts'
import type { Account } from '#server/accounts/who.ts'
import { isHidingFollows } from '#server/peers/federation-choices.ts'
import { isAccountHidden, isBlockedBetween } from '#server/posts/visibility.ts'

/** Followers counted; beyond, it is "more than". */
const countedMax = 100

/** Of those whom the viewer follows, who follows an account too: the first few of them, newest follow first, and how many there are (100 at most). Whoever keeps their follows to themselves is not told of, on either side. */
export async function followersYouKnow(
  db: Reader,
  viewerId: number,
  accountId: number,
  limit: number
): Promise<{ accounts: Account[]; count: number }> {
  const followed = db
    .select({ id: follows.followedId })
    .from(follows)
    .where(and(eq(follows.followerId, viewerId), eq(follows.state, 'accepted')))
  const rows = await db
    .select({ account: accounts })
    .from(follows)
    .innerJoin(accounts, eq(accounts.id, follows.followerId))
    .where(
      and(
        eq(follows.followedId, accountId),
        eq(follows.state, 'accepted'),
        inArray(follows.followerId, followed),
        sql`not ${isAccountHidden(follows.followerId)}`,
        sql`not ${isBlockedBetween(viewerId, follows.followerId)}`,
        sql`not ${isHidingFollows(follows.followerId)} and not ${isHidingFollows(accountId)}`
      )
    )
    .orderBy(desc(follows.id))
    .limit(countedMax)
  return { accounts: rows.slice(0, limit).map(({ account }) => account), count: rows.length }
}
