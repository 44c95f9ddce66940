import { and, desc, gt, isNull, lt, type SQL, sql } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { posts, postTags } from '#db/schema/posts.ts'
import { isMuted, isSilenced } from '#server/posts/quieting.ts'
import { visibleTo } from '#server/posts/visibility.ts'
import { at, candidateColumns, prepareByCount } from '#server/timelines/candidates.ts'
import { boundsOf, fillPage, type Page, type Reading } from '#server/timelines/pages.ts'
import { rowsOf, type TimelinePage } from '#server/timelines/rows.ts'

type Query = (
  db: Reader,
  count: number,
  values: Record<string, unknown>
) => Promise<{ cursor: number; id: number; boostOfId: number | null; isShown: boolean }[]>

/** Public posts written here, newest first, for somebody or (undefined) anybody: no boosts, no replies to others, nobody silenced, and what they muted left out. */
export function local(ctx: Reading, viewerId: number | undefined, page: Page = {}): Promise<TimelinePage> {
  return read(ctx, viewerId === undefined ? localForAll : localFor, viewerId, page)
}

/** Public posts from everywhere known here, as `local`. */
export function federated(ctx: Reading, viewerId: number | undefined, page: Page = {}): Promise<TimelinePage> {
  return read(ctx, viewerId === undefined ? federatedForAll : federatedFor, viewerId, page)
}

/** Public posts under a hashtag (a key as of tagKey), replies included, as `local` otherwise. */
export function tagged(ctx: Reading, viewerId: number | undefined, tag: string, page: Page = {}): Promise<TimelinePage> {
  return read(ctx, viewerId === undefined ? taggedForAll : taggedFor, viewerId, page, { tag })
}

async function read(
  ctx: Reading,
  query: Query,
  viewerId: number | undefined,
  page: Page,
  more: Record<string, unknown> = {}
): Promise<TimelinePage> {
  const bounds = boundsOf(page)
  const values = { ...more, me: viewerId, now: ctx.clock.now(), after: bounds.after }
  return rowsOf(ctx.db, await fillPage(bounds, (before, count) => query(ctx.db, count, { ...values, before })))
}

// The words of the partial indexes posts_public_local and posts_public.
const isPublic = sql`${posts.visibility} = 'public' and ${posts.deletedAt} is null and ${posts.boostOfId} is null`
const isPublicHere = sql`${posts.visibility} = 'public' and ${posts.isLocal} and ${posts.deletedAt} is null and ${posts.boostOfId} is null`
const isNoReplyToOthers = sql`(${posts.replyToUri} is null or ${posts.replyToAuthorId} = ${posts.authorId})`

const localForAll = listing(isPublicHere, false)
const localFor = listing(isPublicHere, true)
const federatedForAll = listing(isPublic, false)
const federatedFor = listing(isPublic, true)
const taggedForAll = taggedListing(false)
const taggedFor = taggedListing(true)

function listing(scope: SQL, isForSomebody: boolean): Query {
  return prepareByCount((db: Reader, count) =>
    db
      .select(candidateColumns(sql`${isNoReplyToOthers} and ${isOffered(isForSomebody)}`))
      .from(posts)
      .where(and(scope, lt(posts.id, at.before), gt(posts.id, at.after)))
      .orderBy(desc(posts.id))
      .limit(count)
  )
}

function taggedListing(isForSomebody: boolean): Query {
  return prepareByCount((db: Reader, count) =>
    db
      .select(candidateColumns(sql`${posts.visibility} = 'public' and ${isOffered(isForSomebody)}`, postTags.postId))
      .from(postTags)
      .innerJoin(posts, sql`${posts.id} = ${postTags.postId}`)
      .where(
        and(
          sql`${postTags.tag} = ${sql.placeholder('tag')}`,
          lt(postTags.postId, at.before),
          gt(postTags.postId, at.after),
          isNull(posts.boostOfId)
        )
      )
      .orderBy(desc(postTags.postId))
      .limit(count)
  )
}

function isOffered(isForSomebody: boolean): SQL {
  if (!isForSomebody) return sql`${visibleTo(undefined)} and not ${isSilenced(posts.authorId)}`
  return sql`${visibleTo(at.me)} and not ${isSilenced(posts.authorId)} and not ${isMuted(at.me, posts.authorId, at.now)}`
}
