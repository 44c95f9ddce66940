import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { type NotificationKind, notifications } from '#db/schema/notifications.ts'
import { isFollowing, isMuted, isSilenced } from '#server/posts/quieting.ts'
import { isBlockedBetween } from '#server/posts/visibility.ts'

interface Notice {
  kind: NotificationKind
  /** Whose deed it tells of. */
  fromId: number
  /** The post it is about; absent for those about a person. */
  postId?: number
}

/**
 * Tells people of ours once of one deed: never of their own, nor of somebody they blocked or muted (or who blocked them), nor of somebody a
 * moderator silenced, unless they follow them. Ids of remote accounts are passed over.
 */
export async function notify(tx: Tx, accountIds: readonly number[], notice: Notice): Promise<void> {
  const others = accountIds.filter((id) => id !== notice.fromId)
  if (others.length === 0) return
  const willing = await tx
    .select({ id: accounts.id })
    .from(accounts)
    .where(
      and(
        inArray(accounts.id, others),
        isNull(accounts.domain),
        isNull(accounts.deletedAt),
        sql`not ${isBlockedBetween(notice.fromId, accounts.id)}`,
        sql`not ${isMuted(accounts.id, notice.fromId, tx.now, 'notifications')}`,
        sql`(not ${isSilenced(notice.fromId)} or ${isFollowing(accounts.id, notice.fromId)})`
      )
    )
  if (willing.length === 0) return
  await tx
    .insert(notifications)
    .values(willing.map(({ id }) => ({ ...notice, id: tx.newId(), accountId: id, createdAt: tx.now })))
    .onConflictDoNothing()
}

/** Takes back what told of a deed that is undone. */
export async function withdraw(tx: Tx, accountId: number, fromId: number, kinds: readonly NotificationKind[]): Promise<void> {
  const isAboutDeed = and(eq(notifications.accountId, accountId), eq(notifications.fromId, fromId), inArray(notifications.kind, [...kinds]))
  await tx.delete(notifications).where(isAboutDeed)
}
