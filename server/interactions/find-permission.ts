import { and, eq, or } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { follows } from '#db/schema/follows.ts'
import { postMentions } from '#db/schema/posts.ts'
import type { InteractionKind } from '#db/schema/quotes.ts'
import { isForEverybody, type Permission, permissionOf, type PolicedPost, policyFor, type Standing } from '#server/interactions/policy.ts'

export interface Target extends PolicedPost {
  id: number
  authorId: number
  replyToAuthorId: number | null
}

/** What somebody may do with a post, as far as follows known here tell. Asks the database only when the post is not open to everybody. */
export async function findPermission(db: Reader, kind: InteractionKind, post: Target, accountId: number): Promise<Permission> {
  if (post.authorId === accountId) return 'free'
  const policy = policyFor(kind, post)
  return isForEverybody(policy) ? 'free' : permissionOf(kind, policy, await findStanding(db, post, accountId))
}

async function findStanding(db: Reader, post: Target, accountId: number): Promise<Standing> {
  const [account] = await db.select({ uri: accounts.uri }).from(accounts).where(eq(accounts.id, accountId))
  const between = await db
    .select({ followerId: follows.followerId })
    .from(follows)
    .where(
      and(
        eq(follows.state, 'accepted'),
        or(
          and(eq(follows.followerId, accountId), eq(follows.followedId, post.authorId)),
          and(eq(follows.followerId, post.authorId), eq(follows.followedId, accountId))
        )
      )
    )
  const mentioned = await db
    .select({ accountId: postMentions.accountId })
    .from(postMentions)
    .where(and(eq(postMentions.postId, post.id), eq(postMentions.accountId, accountId)))
  return {
    uri: account?.uri ?? '',
    isAuthor: post.authorId === accountId,
    isMentioned: mentioned.length > 0 || post.replyToAuthorId === accountId,
    isFollower: between.some((row) => row.followerId === accountId),
    isFollowed: between.some((row) => row.followerId === post.authorId)
  }
}
