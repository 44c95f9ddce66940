import { desc, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import { prepare, type Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { follows } from '#db/schema/follows.ts'
import { posts } from '#db/schema/posts.ts'
import { isThere } from '#server/posts/is-there.ts'
import { isFollowing, isMuted } from '#server/posts/quieting.ts'
import { visibleTo } from '#server/posts/visibility.ts'
import { at, candidateColumns, prepareByCount } from '#server/timelines/candidates.ts'
import { boundsOf, type Candidate, fillPage, type Page, type Reading } from '#server/timelines/pages.ts'
import { rowsOf, type TimelinePage } from '#server/timelines/rows.ts'

/** Up to so many followed accounts the author index alone is quicker than looking through the newest posts of all. */
const fewFollowed = 500
/** How many of the newest posts are looked through, when many are followed, before the author index is asked. */
const windowRows = 500

/**
 * Posts and boosts of the accounts somebody follows, and their own, newest first. A query and not a copy, so that follow, unfollow, block, mute and
 * delete need no repair. Boosts of those whose boosts are off, replies to people not followed, and what mutes cover are left out.
 */
export async function home(ctx: Reading, viewerId: number, page: Page = {}): Promise<TimelinePage> {
  const { db } = ctx
  const bounds = boundsOf(page)
  const [followed] = await countFollowed(db, { me: viewerId })
  const isMany = Number(followed?.count ?? 0) > fewFollowed
  const now = ctx.clock.now()
  const filled = await fillPage(bounds, async (before, count) => {
    const asked = { me: viewerId, now, after: bounds.after }
    const near: Candidate[] = isMany ? await amongNewest(db, count, { ...asked, before }) : []
    if (near.length === count) return near
    const rest = await ofAuthors(db, count, { ...asked, before: near.at(-1)?.cursor ?? before })
    return [...near, ...rest].slice(0, count)
  })
  return rowsOf(db, filled)
}

const countFollowed = prepare((db: Reader) =>
  db
    .select({ count: sql<number>`count(*)`.mapWith(Number) })
    .from(
      sql`(select 1 as one from ${follows} where ${follows.followerId} = ${at.me} and ${follows.state} = 'accepted' limit ${fewFollowed + 1}) as some_follows`
    )
)

/** Looks through a bounded number of the newest posts: finds a page at once while those followed are active. */
const amongNewest = prepareByCount((db: Reader, count) => {
  const post = alias(posts, 'recent')
  return candidates(
    db,
    sql`select ${post.id} from (select id, author_id from ${posts} where ${posts.id} < ${at.before} and ${posts.id} > ${at.after} order by id desc limit ${windowRows}) as recent
      where ${post.authorId} = ${at.me} or ${isFollowing(at.me, post.authorId)} order by ${post.id} desc limit ${count}`
  )
})

/**
 * The same by the author index, however dormant they are: the newest post of each; of the authors whose newest are the newest, one post after
 * the other, down to the last of these. Costs one look-up an account followed, and at most count² more.
 */
const ofAuthors = prepareByCount((db: Reader, count) =>
  candidates(
    db,
    sql`with recursive
      authors(id) as (select followed_id from ${follows} where ${follows.followerId} = ${at.me} and ${follows.state} = 'accepted' union all select ${at.me}),
      newest(author_id, id) as materialized (select authors.id, (select max(p.id) from ${posts} p where p.author_id = authors.id and p.id < ${at.before}) from authors),
      top(author_id, id) as (select author_id, id from newest where id > ${at.after} order by id desc limit ${count}),
      lowest(id) as (select case when count(*) = ${count} then min(id) else 0 end from top),
      steps(author_id, id, step) as (select author_id, id, 1 from top union all
        select s.author_id, (select max(p.id) from ${posts} p where p.author_id = s.author_id and p.id < s.id), s.step + 1
        from steps s where s.step < ${count} and s.id > (select id from lowest))
      select id from steps where id > ${at.after} order by id desc limit ${count}`
  )
)

function candidates(db: Reader, ids: SQL) {
  return db.select(candidateColumns(isShown())).from(posts).where(sql`${posts.id} in (${ids})`).orderBy(desc(posts.id))
}

function isShown(): SQL {
  const original = alias(posts, 'original')
  const follow = alias(follows, 'boosts_of')
  const isOwn = sql`${posts.authorId} = ${at.me}`
  const isReplyForMe = sql`(${posts.replyToAuthorId} in (${posts.authorId}, ${at.me}) or ${isFollowing(at.me, posts.replyToAuthorId)})`
  const showsBoosts = isThere(
    sql`from ${follows} boosts_of where ${follow.followerId} = ${at.me} and ${follow.followedId} = ${posts.authorId} and ${follow.showBoosts}`
  )
  const isOfMuted = isThere(
    sql`from ${posts} original where ${original.id} = ${posts.boostOfId} and ${isMuted(at.me, original.authorId, at.now)}`
  )
  // Of a group whose members one follows, or is: their posts stand here already, and the group passes all of them on.
  const booster = alias(accounts, 'booster')
  const isThereAnyway = isThere(sql`from ${accounts} booster, ${posts} original
    where ${booster.id} = ${posts.authorId} and ${booster.type} = 'Group' and ${original.id} = ${posts.boostOfId} and ${original.replyToUri} is null
      and (${original.authorId} = ${at.me} or ${isFollowing(at.me, original.authorId)})`)
  const isBoostWanted = sql`(${showsBoosts} and not ${isOfMuted} and not ${isThereAnyway})`
  return sql`${visibleTo(at.me)} and (${isOwn} or (not ${isMuted(at.me, posts.authorId, at.now)}
    and (${posts.replyToUri} is null or ${isReplyForMe}) and (${posts.boostOfId} is null or ${isBoostWanted})))`
}
