import { and, desc, eq, gt, inArray, lt, sql } from 'drizzle-orm'
import { prepare, type Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { favourites, posts, postTags } from '#db/schema/posts.ts'
import { firstIdAt } from '#server/platform/ids.ts'
import { prepareByIds } from '#server/posts/posts-by-ids.ts'
import { flag, prepareByCount } from '#server/timelines/candidates.ts'
import type { Voice } from '#server/trends/gather.ts'

/** Of one post so many likes and so many boosts are looked at, the latest. */
const voicesMax = 200

// The words of the partial index posts_public.
const isPublic = sql`${posts.visibility} = 'public' and ${posts.deletedAt} is null and ${posts.boostOfId} is null`
/** Nobody silenced, suspended, erased or of a limited domain. */
const isOffered = sql`${accounts.silencedAt} is null and ${accounts.suspendedAt} is null and ${accounts.deletedAt} is null and ${accounts.domainSeverity} is null`

const readPublic = prepareByCount((db: Reader, count) =>
  db
    .select({
      id: posts.id,
      authorId: posts.authorId,
      html: posts.html,
      warning: posts.warning,
      isSensitive: posts.isSensitive,
      createdAt: posts.createdAt,
      boostsCount: posts.boostsCount,
      favouritesCount: posts.favouritesCount,
      host: accounts.host,
      isDiscoverable: accounts.isDiscoverable,
      isOffered: flag(sql`${isOffered} and not ${posts.isLocalOnly}`).as('is_offered')
    })
    .from(posts)
    .innerJoin(accounts, eq(accounts.id, posts.authorId))
    .where(and(isPublic, lt(posts.id, sql.placeholder('before')), gt(posts.id, sql.placeholder('after'))))
    .orderBy(desc(posts.id))
    .limit(count)
)

/** Public posts below an id, written since a moment (ms since 1970), the newest first. */
export function readRecent(db: Reader, { before, since, count }: { before: number; since: number; count: number }) {
  return readPublic(db, count, { before, after: firstIdAt(since) })
}

export const tagsOfPosts = prepareByIds<{ postId: number; tag: string }>((db, ids) =>
  db.select({ postId: postTags.postId, tag: postTags.tag }).from(postTags).where(inArray(postTags.postId, ids))
)

const likes = prepare((db: Reader) =>
  db
    .select({ accountId: favourites.accountId, host: accounts.host, at: favourites.createdAt })
    .from(favourites)
    .innerJoin(accounts, and(eq(accounts.id, favourites.accountId), isOffered))
    .where(eq(favourites.postId, sql.placeholder('id')))
    .orderBy(desc(favourites.id))
    .limit(sql.raw(String(voicesMax)) as never)
)
const boosts = prepare((db: Reader) =>
  db
    .select({ accountId: posts.authorId, host: accounts.host, at: posts.createdAt })
    .from(posts)
    .innerJoin(accounts, and(eq(accounts.id, posts.authorId), isOffered))
    .where(and(eq(posts.boostOfId, sql.placeholder('id')), sql`${posts.boostOfId} is not null`))
    .orderBy(desc(posts.id))
    .limit(sql.raw(String(voicesMax)) as never)
)

/** Who likes a post or boosted it, of those who may be heard. */
export async function readVoices(db: Reader, id: number): Promise<Voice[]> {
  const found = [...(await likes(db, { id })), ...(await boosts(db, { id }))]
  return found.map(({ accountId, host, at }) => ({ accountId, host: host ?? '', at }))
}
