import { and, desc, eq, gt, isNotNull, isNull, lt, type SQL, sql } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { media } from '#db/schema/media.ts'
import { posts, postTags } from '#db/schema/posts.ts'
import { visibleTo } from '#server/posts/visibility.ts'
import { at, candidateColumns, prepareByCount } from '#server/timelines/candidates.ts'
import { boundsOf, fillPage, type Page, type Reading } from '#server/timelines/pages.ts'
import { rowsOf, type TimelinePage } from '#server/timelines/rows.ts'

export type ProfileTab = 'posts' | 'replies' | 'media'

const author = sql.placeholder('author')
const isNoReplyToOthers = sql`(${posts.replyToUri} is null or ${posts.replyToAuthorId} = ${posts.authorId})`

/**
 * What an account wrote, newest first, as far as the viewer (undefined: anybody) may see it: `posts` with boosts and without replies to
 * others, `replies` all it wrote itself, `media` what shows pictures. Mutes do not count here: who opens a profile wants to see it.
 */
export async function profile(
  ctx: Reading,
  viewerId: number | undefined,
  authorId: number,
  tab: ProfileTab,
  page: Page = {}
): Promise<TimelinePage> {
  const bounds = boundsOf(page)
  const query = queries[tab][viewerId === undefined ? 'forAll' : 'forOne']
  const values = { author: authorId, me: viewerId, after: bounds.after }
  return rowsOf(ctx.db, await fillPage(bounds, (before, count) => query(ctx.db, count, { ...values, before })))
}

const queries = {
  posts: { forAll: listing(isNoReplyToOthers, false), forOne: listing(isNoReplyToOthers, true) },
  replies: { forAll: listing(isNull(posts.boostOfId), false), forOne: listing(isNull(posts.boostOfId), true) },
  media: { forAll: pictures(false), forOne: pictures(true) }
}

function listing(isOnTab: SQL, isForSomebody: boolean) {
  return prepareByCount((db: Reader, count) =>
    db
      .select(candidateColumns(sql`${isOnTab} and ${visibleTo(isForSomebody ? at.me : undefined)}`))
      .from(posts)
      .where(and(eq(posts.authorId, author), lt(posts.id, at.before), gt(posts.id, at.after)))
      .orderBy(desc(posts.id))
      .limit(count)
  )
}

function pictures(isForSomebody: boolean) {
  return prepareByCount((db: Reader, count) => {
    const withPictures = db
      .selectDistinct({ id: media.postId })
      .from(media)
      .where(
        and(
          eq(media.accountId, author),
          eq(media.use, 'post'),
          isNotNull(media.postId),
          lt(media.postId, at.before),
          gt(media.postId, at.after)
        )
      )
      .orderBy(desc(media.postId))
      .limit(count)
    return db
      .select(candidateColumns(visibleTo(isForSomebody ? at.me : undefined)))
      .from(posts)
      .where(sql`${posts.id} in ${withPictures}`)
      .orderBy(desc(posts.id))
  })
}

/** What an account wrote itself with a tag (a key as of tagKey), newest first, as far as the viewer may see it. */
export async function profileTagged(
  ctx: Reading,
  viewerId: number | undefined,
  authorId: number,
  tag: string,
  page: Page = {}
): Promise<TimelinePage> {
  const bounds = boundsOf(page)
  const query = viewerId === undefined ? taggedForAll : taggedForOne
  const values = { author: authorId, me: viewerId, tag, after: bounds.after }
  return rowsOf(ctx.db, await fillPage(bounds, (before, count) => query(ctx.db, count, { ...values, before })))
}

const taggedForAll = tagged(false)
const taggedForOne = tagged(true)

function tagged(isForSomebody: boolean) {
  return prepareByCount((db: Reader, count) =>
    db
      .select(candidateColumns(visibleTo(isForSomebody ? at.me : undefined)))
      .from(posts)
      .innerJoin(postTags, eq(postTags.postId, posts.id))
      .where(and(eq(posts.authorId, author), eq(postTags.tag, sql.placeholder('tag')), lt(posts.id, at.before), gt(posts.id, at.after)))
      .orderBy(desc(posts.id))
      .limit(count)
  )
}
