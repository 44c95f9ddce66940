import { eq, sql } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'

/** Moves both counters of an accepted follow that came (1) or went (-1); neither falls below zero. */
export async function countFollow(
  tx: Tx,
  { followerId, followedId }: { followerId: number; followedId: number },
  by: 1 | -1
): Promise<void> {
  const { followersCount, followingCount } = accounts
  const next = (column: typeof followersCount | typeof followingCount) =>
    by === 1 ? sql`${column} + 1` : sql`case when ${column} > 0 then ${column} - 1 else 0 end`
  await tx
    .update(accounts)
    .set({ followingCount: next(followingCount) })
    .where(eq(accounts.id, followerId))
  await tx
    .update(accounts)
    .set({ followersCount: next(followersCount) })
    .where(eq(accounts.id, followedId))
}
