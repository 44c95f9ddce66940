import { type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import { accounts } from '#db/schema/accounts.ts'
import { follows } from '#db/schema/follows.ts'
import { posts } from '#db/schema/posts.ts'
import { listMembers, lists } from '#db/schema/timelines.ts'
import { isThere } from '#server/posts/is-there.ts'
import { isFollowing, isMuted, isSilenced, isThreadMuted } from '#server/posts/quieting.ts'
import { visibleTo } from '#server/posts/visibility.ts'
import { at } from '#server/timelines/candidates.ts'
import type { Shown } from '#server/timelines/choices.ts'

const isOwn = sql`${posts.authorId} = ${at.me}`
const isPost = sql`${posts.boostOfId} is null`
const isNoReply = sql`${posts.replyToUri} is null`
const isToThem = sql`${posts.replyToAuthorId} in (${posts.authorId}, ${at.me})`

/** What holds for a home, in SQL: `hasExclusive` when its owner has lists whose members stand in no home. */
export interface HomeRules extends Shown {
  hasExclusive: boolean
}

/** Of the accounts somebody follows: without boosts of those whose boosts are off, replies to people not followed, and what mutes cover. */
export function isShownOfFollowed(rules: HomeRules): SQL {
  return sql`${leavesIn(rules)} and ${visibleTo(at.me)} and (${isOwn} or (${isWanted(rules)}
    and (${isNoReply} or ${isToThem} or (${isFollowing(at.me, posts.replyToAuthorId)} and ${shows('replies')})) and (${isPost} or ${isBoostWanted(true)})))`
}

/** Under a followed hashtag: public posts of anybody, replies too, but for the silenced whom one does not follow. */
export function isShownUnderTag(rules: HomeRules): SQL {
  const hidesReplies = isThere(
    sql`from ${follows} of_author where of_author.follower_id = ${at.me} and of_author.followed_id = ${posts.authorId} and not of_author.show_replies`
  )
  return sql`${leavesIn(rules)} and ${posts.visibility} = 'public' and ${isPost} and ${visibleTo(at.me)} and (${isOwn} or (${isWanted(rules)}
    and (not ${isSilenced(posts.authorId)} or ${isFollowing(at.me, posts.authorId)}) and (${isNoReply} or ${isToThem} or not ${hidesReplies})))`
}

/** What the choices of a timeline leave in. */
export function leavesIn({ hidesBoosts, hidesReplies }: Shown): SQL {
  return sql`(${hidesBoosts ? isPost : sql`1 = 1`} and ${hidesReplies ? isNoReply : sql`1 = 1`})`
}

/** Whether followers of the author are shown their boosts, or their replies to others. */
export function shows(what: 'boosts' | 'replies'): SQL {
  const follow = alias(follows, 'follow_shows')
  const choice = what === 'boosts' ? follow.showBoosts : follow.showReplies
  return isThere(
    sql`from ${follows} follow_shows where ${follow.followerId} = ${at.me} and ${follow.followedId} = ${posts.authorId} and ${choice}`
  )
}

/** Whether a boost's booster is heard, and the one who wrote the post; in home not what a group of those one follows passes on besides. */
export function isBoostWanted(isInHome: boolean): SQL {
  const original = alias(posts, 'original')
  const isOfMuted = isThere(
    sql`from ${posts} original where ${original.id} = ${posts.boostOfId} and (${isMuted(at.me, original.authorId, at.now)} or ${isThreadMuted(at.me, original.threadId)})`
  )
  const isWantedAtAll = sql`${shows('boosts')} and not ${isOfMuted}`
  if (!isInHome) return sql`(${isWantedAtAll})`
  // Of a group whose members one follows, or is: their posts stand here already, and the group passes all of them on.
  const booster = alias(accounts, 'booster')
  const isThereAnyway = isThere(sql`from ${accounts} booster, ${posts} original
    where ${booster.id} = ${posts.authorId} and ${booster.type} = 'Group' and ${original.id} = ${posts.boostOfId} and ${original.replyToUri} is null
      and (${original.authorId} = ${at.me} or ${isFollowing(at.me, original.authorId)})`)
  return sql`(${isWantedAtAll} and not ${isThereAnyway})`
}

/** Neither muted, author or thread. */
export function isHeard(): SQL {
  return sql`not ${isMuted(at.me, posts.authorId, at.now)} and not ${isThreadMuted(at.me, posts.threadId)}`
}

function isWanted({ hasExclusive }: HomeRules): SQL {
  if (!hasExclusive) return isHeard()
  const member = alias(listMembers, 'member')
  const list = alias(lists, 'apart')
  const isApart =
    isThere(sql`from ${listMembers} member, ${lists} apart where ${member.ownerId} = ${at.me} and ${member.accountId} = ${posts.authorId}
    and ${list.id} = ${member.listId} and ${list.isExclusive}`)
  return sql`${isHeard()} and not ${isApart}`
}
