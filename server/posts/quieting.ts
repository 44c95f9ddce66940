import { type AnyColumn, type Placeholder, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import { accounts } from '#db/schema/accounts.ts'
import { follows, mutes } from '#db/schema/follows.ts'
import { isThere } from '#server/posts/is-there.ts'

type Value = number | Placeholder | AnyColumn | SQL

/** Whether somebody has muted an account at a moment (ms since 1970). It hides nothing from who looks for it: timelines and notifications ask. */
export function isMuted(
  viewer: Value,
  accountId: AnyColumn | SQL | number,
  now: number | Placeholder,
  what: 'posts' | 'notifications' = 'posts'
): SQL {
  const mute = alias(mutes, 'mute')
  const scope = what === 'notifications' ? sql` and ${mute.hidesNotifications}` : sql``
  return isThere(sql`from ${mutes} mute where ${mute.accountId} = ${viewer} and ${mute.targetId} = ${accountId}
    and (${mute.expiresAt} is null or ${mute.expiresAt} > ${now})${scope}`)
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
