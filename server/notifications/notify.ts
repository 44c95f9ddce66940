import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import { prepare, type Tx } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { type NotificationKind, notifications } from '#db/schema/notifications.ts'
import { posts } from '#db/schema/posts.ts'
import { isThere } from '#server/posts/is-there.ts'
import { prepareByIds } from '#server/posts/posts-by-ids.ts'
import { isMuted, isThreadMuted } from '#server/posts/quieting.ts'
import { isBlockedBetween } from '#server/posts/visibility.ts'

interface Notice {
  kind: NotificationKind
  /** Whose deed it tells of. */
  fromId: number
  /** The post it is about; absent for those about a person. */
  postId?: number
}

const about = alias(posts, 'about')

const willingAmong = prepareByIds<{ id: number }, { from: number; now: number; post: number }>((db, ids) => {
  const from = sql.placeholder('from')
  return db
    .select({ id: accounts.id })
    .from(accounts)
    .where(
      and(
        inArray(accounts.id, ids),
        isNull(accounts.domain),
        isNull(accounts.deletedAt),
        sql`not ${isBlockedBetween(from, accounts.id)}`,
        sql`not ${isMuted(accounts.id, sql`${from}`, sql.placeholder('now'), 'notifications')}`,
        sql`not ${isThere(sql`from ${posts} about where ${about.id} = ${sql.placeholder('post')} and ${isThreadMuted(accounts.id, about.threadId)}`)}`
      )
    )
})

const insertNotice = prepare((tx: Tx) =>
  tx
    .insert(notifications)
    .values({
      id: sql.placeholder('id'),
      accountId: sql.placeholder('accountId'),
      kind: sql.placeholder('kind') as never,
      fromId: sql.placeholder('fromId'),
      postId: sql.placeholder('postId'),
      createdAt: sql.placeholder('createdAt')
    })
    .onConflictDoNothing({ target: [notifications.accountId, notifications.kind, notifications.fromId, notifications.postId] })
)

/**
 * Tells people of ours once of one deed: never of their own, nor of somebody they blocked or muted (or who blocked them), nor in a conversation they
 * muted. Whether it stands among the others or apart is asked when it is read. Ids of remote accounts are passed over.
 */
export async function notify(tx: Tx, accountIds: readonly number[], notice: Notice): Promise<void> {
  const others = accountIds.filter((id) => id !== notice.fromId)
  if (others.length === 0) return
  const { kind, fromId, postId = 0 } = notice
  // Mostly it is one person: that of the post.
  for (const { id } of await willingAmong(tx, others, { from: fromId, now: tx.now, post: postId })) {
    await insertNotice(tx, { id: tx.newId(), accountId: id, kind, fromId, postId, createdAt: tx.now })
  }
}

/** Tells one of ours, once, of what became of a post of their own by nobody's deed. */
export async function notifyAuthor(tx: Tx, accountId: number, { kind, postId }: { kind: NotificationKind; postId: number }): Promise<void> {
  await insertNotice(tx, { id: tx.newId(), accountId, kind, fromId: accountId, postId, createdAt: tx.now })
}

/** Takes back what told of a deed that is undone. */
export async function withdraw(tx: Tx, accountId: number, fromId: number, kinds: readonly NotificationKind[]): Promise<void> {
  const isAboutDeed = and(eq(notifications.accountId, accountId), eq(notifications.fromId, fromId), inArray(notifications.kind, [...kinds]))
  await tx.delete(notifications).where(isAboutDeed)
}
