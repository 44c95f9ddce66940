import { and, eq, inArray, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import type { Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { follows } from '#db/schema/follows.ts'
import { posts } from '#db/schema/posts.ts'
import { type InteractionKind, type InteractionState, interactions } from '#db/schema/quotes.ts'
import { isForEverybody, namesGroups, type Permission, permissionOf, policyFor } from '#server/interactions/policy.ts'
import type { PostRow } from '#server/posts/find-post.ts'
import { prepareByIds } from '#server/posts/posts-by-ids.ts'

const kinds: readonly InteractionKind[] = ['quote', 'reply', 'like', 'announce']

/** What somebody may do with a post, and what of it waits. Posts that are open to all but quoting have none. */
export interface Limits {
  may: Record<InteractionKind, Permission>
  /** What the viewer asked for and was not told yet. */
  waiting: ReadonlySet<InteractionKind>
  /** A reply of the viewer's that its parent's author has not let in; undefined for any other post. */
  held: { state: InteractionState; authorId: number } | undefined
}

type ByViewer = { me: number }
const me = sql.placeholder('me')
const target = alias(posts, 'target')

const followedAmong = prepareByIds<{ id: number }, ByViewer>((db, ids) =>
  db
    .select({ id: follows.followedId })
    .from(follows)
    .where(and(eq(follows.followerId, me), eq(follows.state, 'accepted'), inArray(follows.followedId, ids)))
)
const followersAmong = prepareByIds<{ id: number }, ByViewer>((db, ids) =>
  db
    .select({ id: follows.followerId })
    .from(follows)
    .where(and(eq(follows.followedId, me), eq(follows.state, 'accepted'), inArray(follows.followerId, ids)))
)
const asked = prepareByIds<{ targetId: number; kind: InteractionKind }, ByViewer>((db, ids) =>
  db
    .select({ targetId: interactions.targetId, kind: interactions.kind })
    .from(interactions)
    .where(and(eq(interactions.fromId, me), inArray(interactions.targetId, ids), eq(interactions.state, 'pending')))
)
const held = prepareByIds<{ postId: number | null; state: InteractionState; authorId: number }>((db, ids) =>
  db
    .select({ postId: interactions.postId, state: interactions.state, authorId: target.authorId })
    .from(interactions)
    .innerJoin(target, eq(target.id, interactions.targetId))
    .where(and(inArray(interactions.postId, ids), eq(interactions.kind, 'reply')))
)

/**
 * What a viewer may do with posts, by id. `mentioned` are the posts that mention them. Nothing is asked of the database unless a policy turns on
 * who follows whom, something may wait, or a reply of theirs is held.
 */
export async function limitsOf(
  db: Reader,
  viewerId: number,
  rows: Iterable<PostRow>,
  mentioned: ReadonlySet<number>
): Promise<Map<number, Limits>> {
  // Asked more than once, which an iterator does not survive.
  const all = [...rows]
  const others = all.filter((row) => row.authorId !== viewerId)
  const policies = new Map(others.map((row) => [row.id, kinds.map((kind) => policyFor(kind, row))]))
  const ofGroups = others.filter((row) => policies.get(row.id)?.some(namesGroups)).map((row) => row.authorId)
  const mayWait = others.filter((row) => policies.get(row.id)?.some((policy, at) => at > 0 && !isForEverybody(policy))).map((row) => row.id)
  const heldIds = all.filter((row) => row.isHeld && row.authorId === viewerId).map((row) => row.id)
  const isNamed = [...policies.values()].some((each) => each.some((policy) => policy.includes('://')))
  const [followed, followers, waiting, heldRows, uri] = await Promise.all([
    followedAmong(db, [...new Set(ofGroups)], { me: viewerId }),
    followersAmong(db, [...new Set(ofGroups)], { me: viewerId }),
    asked(db, mayWait, { me: viewerId }),
    held(db, heldIds),
    isNamed ? uriOf(db, viewerId) : ''
  ])
  const followedIds = new Set(followed.map((row) => row.id))
  const followerIds = new Set(followers.map((row) => row.id))
  const waitingByPost = Map.groupBy(waiting, (row) => row.targetId)
  const heldByPost = new Map(heldRows.map((row) => [row.postId, row]))

  return new Map(
    all.map((row) => {
      const standing = {
        uri,
        isAuthor: row.authorId === viewerId,
        isMentioned: mentioned.has(row.id) || row.replyToAuthorId === viewerId,
        isFollower: followedIds.has(row.authorId),
        isFollowed: followerIds.has(row.authorId)
      }
      const permissions = kinds.map((kind) => [kind, permissionOf(kind, policyFor(kind, row), standing)] as const)
      return [
        row.id,
        {
          may: Object.fromEntries(permissions) as Limits['may'],
          waiting: new Set(waitingByPost.get(row.id)?.map((each) => each.kind)),
          held: heldByPost.get(row.id)
        }
      ]
    })
  )
}

async function uriOf(db: Reader, accountId: number): Promise<string> {
  const [account] = await db.select({ uri: accounts.uri }).from(accounts).where(eq(accounts.id, accountId))
  return account?.uri ?? ''
}
