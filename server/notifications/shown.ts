import { and, eq, type Placeholder, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import { notifications } from '#db/schema/notifications.ts'
import { posts } from '#db/schema/posts.ts'
import { isOfStranger } from '#server/peers/first-contact.ts'
import { isThere } from '#server/posts/is-there.ts'
import { isFollowing, isMuted, isThreadMuted } from '#server/posts/quieting.ts'
import { isAccountHidden, isBlockedBetween, visibleTo } from '#server/posts/visibility.ts'

const about = alias(posts, 'about')

/**
 * Whether a notification is a mention by somebody of a server met only lately, whom the reader does not follow: it waits apart from
 * the others. `since` as of strangersSince.
 */
export function isRequest(me: number | Placeholder, since: number | Placeholder): SQL {
  const { kind, fromId } = notifications
  return sql`(${kind} = 'mention' and ${isOfStranger(sql`${fromId}`, sql`${since}`)} and not ${isFollowing(me, fromId)})`
}

/**
 * Which of an account's notifications are shown to it: not those from somebody hidden, blocked or muted since, nor about a post that it may not see
 * any more, or of a conversation that it muted. The rows stay, so that lifting brings them back.
 */
export function isShownTo(accountId: number | Placeholder, now: number | Placeholder): SQL | undefined {
  return and(
    eq(notifications.accountId, accountId),
    sql`not ${isAccountHidden(notifications.fromId)}`,
    sql`not ${isBlockedBetween(accountId, notifications.fromId)}`,
    sql`not ${isMuted(accountId, notifications.fromId, now, 'notifications')}`,
    sql`(${notifications.postId} = 0 or ${isThere(sql`from ${posts} about where ${about.id} = ${notifications.postId} and ${visibleTo(accountId, about)}
      and not ${isThreadMuted(accountId, about.threadId)}`)})`
  )
}
