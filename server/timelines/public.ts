import { and, gt, isNull, lt, type SQL, sql } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { posts, postTags } from '#db/schema/posts.ts'
import { isMuted, isSilenced } from '#server/posts/quieting.ts'
import { visibleTo } from '#server/posts/visibility.ts'
import { at, candidateColumns, type Direction, prepareByCount, ways } from '#server/timelines/candidates.ts'
import { findChoices, type Shown } from '#server/timelines/choices.ts'
import type { Page, Reading } from '#server/timelines/pages.ts'
import { readTimeline, type TimelineRead } from '#server/timelines/read-page.ts'
import type { TimelinePage } from '#server/timelines/rows.ts'
import { perVariant } from '#server/timelines/variants.ts'

/** Public posts written here, newest first, for somebody or (undefined) anybody: no boosts, no replies to others, nobody silenced, and what they muted left out. */
export async function local(ctx: Reading, viewerId: number | undefined, page: Page = {}, shown?: Shown): Promise<TimelinePage> {
  return readTimeline(ctx.db, await publicRead(ctx, viewerId, 'local', shown), page)
}

/** Public posts from everywhere known here, as `local`. */
export async function federated(ctx: Reading, viewerId: number | undefined, page: Page = {}, shown?: Shown): Promise<TimelinePage> {
  return readTimeline(ctx.db, await publicRead(ctx, viewerId, 'federated', shown), page)
}

/** Public posts under a hashtag (a key as of tagKey), replies included, as `local` otherwise. */
export async function tagged(
  ctx: Reading,
  viewerId: number | undefined,
  tag: string,
  page: Page = {},
  shown?: Shown
): Promise<TimelinePage> {
  return readTimeline(ctx.db, await taggedRead(ctx, viewerId, tag, shown), page)
}

/** `local` or `federated`, to be read in either direction. `shown` is what this look leaves out; what the viewer chose to leave out when absent. */
export async function publicRead(
  ctx: Reading,
  viewerId: number | undefined,
  scope: 'local' | 'federated',
  shown?: Shown
): Promise<TimelineRead> {
  const { hidesReplies } = shown ?? (await findChoices(ctx.db, viewerId, scope))
  const asked = { me: viewerId, now: ctx.clock.now() }
  const isForSomebody = viewerId !== undefined
  return (direction, between, count) => listing({ scope, direction, isForSomebody, hidesReplies })(ctx.db, count, { ...asked, ...between })
}

/** `tagged`, as `publicRead`. */
export async function taggedRead(ctx: Reading, viewerId: number | undefined, tag: string, shown?: Shown): Promise<TimelineRead> {
  const { hidesReplies } = shown ?? (await findChoices(ctx.db, viewerId, 'tags'))
  const asked = { me: viewerId, now: ctx.clock.now(), tag }
  const isForSomebody = viewerId !== undefined
  return (direction, between, count) => taggedListing({ direction, isForSomebody, hidesReplies })(ctx.db, count, { ...asked, ...between })
}

interface Variant {
  direction: Direction
  isForSomebody: boolean
  hidesReplies: boolean
}

// The words of the partial indexes posts_public and posts_public_local.
const isPublic = sql`${posts.visibility} = 'public' and ${posts.deletedAt} is null and ${posts.boostOfId} is null`
const scopes = { local: sql`${isPublic} and ${posts.isLocal}`, federated: isPublic }
const isNoReply = isNull(posts.replyToUri)
const isNoReplyToOthers = sql`(${isNoReply} or ${posts.replyToAuthorId} = ${posts.authorId})`

const listing = perVariant(({ scope, direction, isForSomebody, hidesReplies }: Variant & { scope: keyof typeof scopes }) =>
  prepareByCount((db: Reader, count) =>
    db
      .select(candidateColumns(sql`${hidesReplies ? isNoReply : isNoReplyToOthers} and ${isOffered(isForSomebody)}`))
      .from(posts)
      .where(and(scopes[scope], lt(posts.id, at.before), gt(posts.id, at.after)))
      .orderBy(ways[direction].order(posts.id))
      .limit(count)
  )
)

const taggedListing = perVariant(({ direction, isForSomebody, hidesReplies }: Variant) =>
  prepareByCount((db: Reader, count) => {
    // Chosen before the posts are looked at: of some thousands under a tag PostgreSQL would read them all and sort them.
    const ids = sql`select post_id from ${postTags} where ${postTags.tag} = ${sql.placeholder('tag')} and ${postTags.postId} < ${at.before}
      and ${postTags.postId} > ${at.after} order by ${postTags.postId} ${ways[direction].word} limit ${count}`
    const isWanted = sql`${posts.visibility} = 'public' and ${posts.boostOfId} is null and ${hidesReplies ? isNoReply : sql`1 = 1`}`
    return db
      .select(candidateColumns(sql`${isWanted} and ${isOffered(isForSomebody)}`))
      .from(posts)
      .where(sql`${posts.id} in (${ids})`)
      .orderBy(ways[direction].order(posts.id))
  })
)

function isOffered(isForSomebody: boolean): SQL {
  if (!isForSomebody) return sql`${visibleTo(undefined)} and not ${isSilenced(posts.authorId)}`
  return sql`${visibleTo(at.me)} and not ${isSilenced(posts.authorId)} and not ${isMuted(at.me, posts.authorId, at.now)}`
}
