import { type AnyColumn, type Placeholder, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import { accounts } from '#db/schema/accounts.ts'
import { follows, hiddenDomains, mutes, threadMutes } from '#db/schema/follows.ts'
import { isWithin } from '#server/accounts/within-domain.ts'
import { isThere } from '#server/posts/is-there.ts'

type Value = number | Placeholder | AnyColumn | SQL

/**
 * Whether somebody wants to see nothing of an account at a moment (ms since 1970): they muted it, or hid its whole server. It hides nothing from who
 * looks for it: timelines and notifications ask.
 */
export function isMuted(
  viewer: Value,
  accountId: AnyColumn | SQL | number,
  now: number | Placeholder,
  what: 'posts' | 'notifications' = 'posts'
): SQL {
  const mute = alias(mutes, 'mute')
  const scope = what === 'notifications' ? sql` and ${mute.hidesNotifications}` : sql``
  return sql`(${isThere(sql`from ${mutes} mute where ${mute.accountId} = ${viewer} and ${mute.targetId} = ${accountId}
    and (${mute.expiresAt} is null or ${mute.expiresAt} > ${now})${scope}`)} or ${isOnHiddenDomain(viewer, accountId)})`
}

/** Whether an account belongs, by its handle or by where its actor lives, to a server that somebody hid, or to one below it. */
export function isOnHiddenDomain(viewer: Value, accountId: AnyColumn | SQL | number): SQL {
  const hidden = alias(hiddenDomains, 'hidden')
  const far = alias(accounts, 'far')
  return isThere(sql`from ${hiddenDomains} hidden, ${accounts} far where ${hidden.accountId} = ${viewer} and ${far.id} = ${accountId}
    and ${isWithin(far, hidden.domain)}`)
}

/** Whether somebody wants to hear no more of a conversation (as posts have it). */
export function isThreadMuted(viewer: Value, threadId: AnyColumn | SQL | number): SQL {
  const muted = alias(threadMutes, 'thread_mute')
  return isThere(sql`from ${threadMutes} thread_mute where ${muted.accountId} = ${viewer} and ${muted.threadId} = ${threadId}`)
}

/** Whether a moderator silenced an account or its domain: it is there for its followers, and offered to nobody else. */
export function isSilenced(accountId: AnyColumn | SQL | number): SQL {
  const quiet = alias(accounts, 'quiet')
  return isThere(sql`from ${accounts} quiet where ${quiet.id} = ${accountId}
    and (${quiet.silencedAt} is not null or ${quiet.domainSeverity} = 'silence')`)
}

/** Whether one account follows another, accepted. */
export function isFollowing(followerId: Value, followedId: Value): SQL {
  const follow = alias(follows, 'follow')
  return isThere(
    sql`from ${follows} follow where ${follow.followerId} = ${followerId} and ${follow.followedId} = ${followedId} and ${follow.state} = 'accepted'`
  )
}
