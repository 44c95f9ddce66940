import { and, eq } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { follows } from '#db/schema/follows.ts'
import { posts } from '#db/schema/posts.ts'
import { notify, withdraw } from '#server/notifications/notify.ts'

/**
 * Reaction: a community keeps somebody of ours out. Whoever neither follows it nor wrote in it is not told, or any group could write to anybody by
 * keeping them out; its profile says so all the same.
 */
export async function notifyBanned(tx: Tx, { groupId, accountId }: { groupId: number; accountId: number }): Promise<void> {
  if (await isMember(tx, groupId, accountId)) await notify(tx, [accountId], { kind: 'community-ban', fromId: groupId })
}

/** Reaction: it lets them in again. */
export async function withdrawBanned(tx: Tx, { groupId, accountId }: { groupId: number; accountId: number }): Promise<void> {
  await withdraw(tx, accountId, groupId, ['community-ban'])
}

async function isMember(tx: Tx, groupId: number, accountId: number): Promise<boolean> {
  const followed = await tx
    .select({ id: follows.id })
    .from(follows)
    .where(and(eq(follows.followerId, accountId), eq(follows.followedId, groupId)))
  if (followed.length > 0) return true
  const written = await tx
    .select({ id: posts.id })
    .from(posts)
    .innerJoin(accounts, eq(accounts.uri, posts.audienceUri))
    .where(and(eq(posts.authorId, accountId), eq(accounts.id, groupId)))
    .limit(1)
  return written.length > 0
}
