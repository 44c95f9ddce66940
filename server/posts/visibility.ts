import { type AnyColumn, eq, type Placeholder, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import { accounts } from '#db/schema/accounts.ts'
import { blocks, follows } from '#db/schema/follows.ts'
import { postAudience, posts, type Visibility } from '#db/schema/posts.ts'
import { isThere } from '#server/posts/is-there.ts'

/** What decides, of a post. Of a boost: its own author and state, and the original's facts in `original`. */
export interface PostFacts {
  authorId: number
  visibility: Visibility
  isLocalOnly: boolean
  isDeleted: boolean
  /** The author is suspended or erased, or on a suspended domain. */
  isAuthorHidden: boolean
  audience: readonly { kind: 'followers' | 'person' | 'silent'; accountId: number }[]
  /** The boosted post, for a boost. */
  original?: PostFacts
}

/** What decides, of a viewer. */
export interface ViewerFacts {
  accountId: number
  /** An account of this instance, and no remote one. */
  isLocal: boolean
  /** Accounts this one follows, accepted. */
  followedIds: ReadonlySet<number>
  /** Accounts this one blocks, and those that block it. */
  blockedIds: ReadonlySet<number>
}

/** Whether everybody may read a post, here and elsewhere, whether it stands in public timelines or not. Pure. */
export function isForAnybody({ visibility, isLocalOnly }: Pick<PostFacts, 'visibility' | 'isLocalOnly'>): boolean {
  return !isLocalOnly && isOpen(visibility)
}

/** Whether a visibility names everybody: of a local-only post that is everybody here. Pure. */
export function isOpen(visibility: Visibility): boolean {
  return visibility === 'public' || visibility === 'unlisted'
}

type Viewer = number | Placeholder | undefined

/** A table of posts under any alias, or the columns of a subquery that stand for one. */
export interface PostColumns {
  id: AnyColumn | SQL
  authorId: AnyColumn | SQL
  boostOfId: AnyColumn | SQL
  visibility: AnyColumn | SQL
  isLocalOnly: AnyColumn | SQL
  deletedAt: AnyColumn | SQL
}

/**
 * THE rule of who may see a post; `visibleTo` is the same rule as SQL and a test holds them together. A deleted post, and one whose author
 * is hidden, is for nobody; a block in either direction hides; public and unlisted posts are for everybody, the others for
 * their author, accepted followers of the accounts whose followers are addressed, and the people addressed; of a local-only post only
 * accounts of this instance among all these. A boost is visible
 * when the original is and its booster is neither hidden nor blocked. Mutes are not visibility: timelines filter them.
 */
export function maySee(viewer: ViewerFacts | undefined, post: PostFacts): boolean {
  if (post.isDeleted || post.isAuthorHidden || viewer?.blockedIds.has(post.authorId)) return false
  if (post.original) return maySee(viewer, post.original)
  if (post.isLocalOnly && !viewer?.isLocal) return false
  if (isOpen(post.visibility)) return true
  if (!viewer) return false
  if (viewer.accountId === post.authorId) return true
  return post.audience.some(({ kind, accountId }) =>
    kind === 'followers' ? viewer.followedIds.has(accountId) : accountId === viewer.accountId
  )
}

/** `maySee` as a condition on rows of posts, under whatever alias; nobody signed in: undefined. */
export function visibleTo(viewer: Viewer, post: PostColumns = posts): SQL {
  const original = alias(posts, 'boosted')
  return sql`(${mayStand(viewer, post)} and case when ${post.boostOfId} is null then ${isFor(viewer, post)} else ${isThere(
    sql`from ${posts} boosted where ${original.id} = ${post.boostOfId} and ${mayStand(viewer, original)} and ${isFor(viewer, original)}`
  )} end)`
}

/** Whether the account with this id is suspended, erased, or on a suspended domain: its posts are for nobody. */
export function isAccountHidden(accountId: AnyColumn | SQL): SQL {
  const author = alias(accounts, 'hidden_author')
  return isThere(sql`from ${accounts} hidden_author where ${author.id} = ${accountId}
    and (${author.suspendedAt} is not null or ${author.deletedAt} is not null or ${author.domainSeverity} = 'suspend')`)
}

/** Whether one of two accounts blocks the other. */
export function isBlockedBetween(viewer: number | Placeholder, accountId: AnyColumn | SQL): SQL {
  const block = alias(blocks, 'block')
  const between = (by: typeof viewer | typeof accountId, target: typeof viewer | typeof accountId) =>
    isThere(sql`from ${blocks} block where ${block.accountId} = ${by} and ${block.targetId} = ${target}`)
  return sql`(${between(viewer, accountId)} or ${between(accountId, viewer)})`
}

/** Neither deleted, nor hidden with its author, nor cut off by a block. */
function mayStand(viewer: Viewer, post: PostColumns): SQL {
  const stands = sql`${post.deletedAt} is null and not ${isAccountHidden(post.authorId)}`
  return viewer === undefined ? stands : sql`${stands} and not ${isBlockedBetween(viewer, post.authorId)}`
}

/** Meant for the viewer, by its visibility and audience. */
function isFor(viewer: Viewer, post: PostColumns): SQL {
  const open = sql`${post.visibility} in ('public', 'unlisted')`
  if (viewer === undefined) return sql`(${open} and not ${post.isLocalOnly})`
  const audience = alias(postAudience, 'audience')
  const follow = alias(follows, 'audience_follow')
  const isFollower = isThere(sql`from ${follows} audience_follow
    where ${follow.followerId} = ${viewer} and ${follow.followedId} = ${audience.accountId} and ${follow.state} = 'accepted'`)
  const isNamed = isThere(sql`from ${postAudience} audience where ${audience.postId} = ${post.id}
    and case when ${audience.kind} = 'followers' then ${isFollower} else ${audience.accountId} = ${viewer} end`)
  // Who asks is looked up for the few posts where it matters alone.
  return sql`((${open} or ${eq(post.authorId as AnyColumn, viewer)} or ${isNamed}) and (not ${post.isLocalOnly} or ${isHere(viewer)}))`
}

/** Whether an account is one of this instance's. */
function isHere(accountId: number | Placeholder): SQL {
  const reader = alias(accounts, 'local_reader')
  return isThere(sql`from ${accounts} local_reader where ${reader.id} = ${accountId} and ${reader.domain} is null`)
}
