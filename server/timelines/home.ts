import { type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import { prepare, type Reader } from '#db/reader.ts'
import { follows } from '#db/schema/follows.ts'
import { posts } from '#db/schema/posts.ts'
import { followedTags, lists, timelineChoices } from '#db/schema/timelines.ts'
import { isThere } from '#server/posts/is-there.ts'
import { isFollowing } from '#server/posts/quieting.ts'
import { at, candidateColumns, type Direction, flag, prepareByCount, ways } from '#server/timelines/candidates.ts'
import type { Shown } from '#server/timelines/choices.ts'
import { type HomeRules, isShownOfFollowed, isShownUnderTag } from '#server/timelines/home-rules.ts'
import { idsOfAuthors, idsOfTags } from '#server/timelines/newest-ids.ts'
import type { Candidate, Page, Reading } from '#server/timelines/pages.ts'
import { readTimeline, type TimelineRead } from '#server/timelines/read-page.ts'
import type { TimelinePage } from '#server/timelines/rows.ts'
import { perVariant } from '#server/timelines/variants.ts'

/** Up to so many followed accounts the author index alone is quicker than looking through the newest posts of all. */
const fewFollowed = 500
/** How many of the newest posts are looked through, when many are followed, before the author index is asked. */
const windowRows = 500

/**
 * Posts and boosts of the accounts somebody follows, their own, and public posts under the hashtags they follow, newest first. A query and not a copy, so that
 * follow, unfollow, block, mute and delete need no repair. `shown` is what this look leaves out; what they chose to leave out when absent.
 */
export async function home(ctx: Reading, viewerId: number, page: Page = {}, shown?: Shown): Promise<TimelinePage> {
  return readTimeline(ctx.db, await homeRead(ctx, viewerId, shown), page)
}

/** Home, to be read in either direction. */
export async function homeRead(ctx: Reading, viewerId: number, shown?: Shown): Promise<TimelineRead> {
  const { db } = ctx
  const [made] = await makeup(db, { me: viewerId })
  const { followed, hasTags, ...own } = made!
  const rules: HomeRules = { ...own, ...shown }
  const asked = { me: viewerId, now: ctx.clock.now() }
  return async (direction, between, count) => {
    const variant = { ...rules, direction }
    const values = { ...asked, ...between }
    const near: Candidate[] = followed > fewFollowed ? await amongNewest(variant)(db, count, values) : []
    const rest = near.length === count ? [] : await ofAuthors(variant)(db, count, { ...values, ...beyond(direction, near) })
    const tagged = hasTags ? await ofTags(variant)(db, count, values) : []
    return merge(direction, [...near, ...rest], tagged).slice(0, count)
  }
}

function beyond(direction: Direction, near: readonly Candidate[]): { before?: number; after?: number } {
  const last = near.at(-1)
  if (!last) return {}
  return direction === 'older' ? { before: last.cursor } : { after: last.cursor }
}

/** Both in the order of the direction; a post that came in by either is shown when either says so. */
function merge(direction: Direction, one: Candidate[], other: Candidate[]): Candidate[] {
  if (other.length === 0) return one
  const found = new Map(one.map((candidate) => [candidate.id, candidate]))
  for (const candidate of other) if (candidate.isShown || !found.has(candidate.id)) found.set(candidate.id, candidate)
  const sign = direction === 'older' ? -1 : 1
  return [...found.values()].sort((a, b) => sign * (a.cursor - b.cursor))
}

/** What a home is made of, in one look. */
const makeup = prepare((db: Reader) => {
  const choice = (column: typeof timelineChoices.hidesBoosts | typeof timelineChoices.hidesReplies) =>
    flag(
      isThere(
        sql`from ${timelineChoices} where ${timelineChoices.accountId} = ${at.me} and ${timelineChoices.timeline} = 'home' and ${column}`
      )
    )
  const some = sql`(select 1 as one from ${follows} where ${follows.followerId} = ${at.me} and ${follows.state} = 'accepted' limit ${fewFollowed + 1})`
  return db
    .select({
      followed: sql<number>`count(*)`.mapWith(Number).as('followed'),
      hasTags: flag(isThere(sql`from ${followedTags} where ${followedTags.accountId} = ${at.me}`)).as('has_tags'),
      // The words of the partial index lists_exclusive.
      hasExclusive: flag(isThere(sql`from ${lists} where ${lists.accountId} = ${at.me} and is_exclusive`)).as('has_exclusive'),
      hidesBoosts: choice(timelineChoices.hidesBoosts).as('hides_boosts'),
      hidesReplies: choice(timelineChoices.hidesReplies).as('hides_replies')
    })
    .from(sql`${some} as some_follows`)
})

type Variant = HomeRules & { direction: Direction }

/** Looks through a bounded number of the newest posts: finds a page at once while those followed are active. */
const amongNewest = perVariant(({ direction, ...rules }: Variant) =>
  prepareByCount((db: Reader, count) => {
    const post = alias(posts, 'recent')
    const { word } = ways[direction]
    const ids = sql`select ${post.id} from (select id, author_id from ${posts} where ${posts.id} < ${at.before} and ${posts.id} > ${at.after} order by id ${word} limit ${windowRows}) as recent
      where ${post.authorId} = ${at.me} or ${isFollowing(at.me, post.authorId)} order by ${post.id} ${word} limit ${count}`
    return candidates(db, direction, ids, isShownOfFollowed(rules))
  })
)

const ofAuthors = perVariant(({ direction, ...rules }: Variant) =>
  prepareByCount((db: Reader, count) => {
    const followed = sql`select followed_id as id from ${follows} where ${follows.followerId} = ${at.me} and ${follows.state} = 'accepted' union all select ${at.me}`
    return candidates(db, direction, idsOfAuthors(followed, direction, count), isShownOfFollowed(rules))
  })
)

const ofTags = perVariant(({ direction, ...rules }: Variant) =>
  prepareByCount((db: Reader, count) => {
    const tags = sql`select tag as id from ${followedTags} where ${followedTags.accountId} = ${at.me}`
    return candidates(db, direction, idsOfTags(tags, direction, count), isShownUnderTag(rules))
  })
)

function candidates(db: Reader, direction: Direction, ids: SQL, isShown: SQL) {
  return db.select(candidateColumns(isShown)).from(posts).where(sql`${posts.id} in (${ids})`).orderBy(ways[direction].order(posts.id))
}
