import { type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import type { Reader } from '#db/reader.ts'
import { posts } from '#db/schema/posts.ts'
import { listMembers, type lists, type RepliesPolicy } from '#db/schema/timelines.ts'
import { isThere } from '#server/posts/is-there.ts'
import { isFollowing } from '#server/posts/quieting.ts'
import { visibleTo } from '#server/posts/visibility.ts'
import { at, candidateColumns, type Direction, prepareByCount, ways } from '#server/timelines/candidates.ts'
import { findChoices, type Shown } from '#server/timelines/choices.ts'
import { isBoostWanted, isHeard, leavesIn, shows } from '#server/timelines/home-rules.ts'
import { idsOfAuthors } from '#server/timelines/newest-ids.ts'
import type { Page, Reading } from '#server/timelines/pages.ts'
import { readTimeline, type TimelineRead } from '#server/timelines/read-page.ts'
import type { TimelinePage } from '#server/timelines/rows.ts'
import { perVariant } from '#server/timelines/variants.ts'

type List = Pick<typeof lists.$inferSelect, 'id' | 'accountId' | 'repliesPolicy'>

/** Posts and boosts of a list's members as its owner is shown them, newest first; direct ones stand in conversations. The list was found to be the viewer's own before. */
export async function listed(ctx: Reading, list: List, page: Page = {}, shown?: Shown): Promise<TimelinePage> {
  return readTimeline(ctx.db, await listRead(ctx, list, shown), page)
}

/** A list, to be read in either direction. `shown` is what this look leaves out; what the owner chose to leave out of this list when absent. */
export async function listRead(ctx: Reading, { id, accountId, repliesPolicy }: List, shown?: Shown): Promise<TimelineRead> {
  const choices = shown ?? (await findChoices(ctx.db, accountId, `list:${id}`))
  const asked = { me: accountId, now: ctx.clock.now(), list: id }
  return (direction, between, count) => ofMembers({ direction, repliesPolicy, ...choices })(ctx.db, count, { ...asked, ...between })
}

const listId = sql.placeholder('list')

const ofMembers = perVariant(({ direction, ...rules }: Shown & { direction: Direction; repliesPolicy: RepliesPolicy }) =>
  prepareByCount((db: Reader, count) => {
    const members = sql`select account_id as id from ${listMembers} where ${listMembers.listId} = ${listId}`
    return db
      .select(candidateColumns(isShown(rules)))
      .from(posts)
      .where(sql`${posts.id} in (${idsOfAuthors(members, direction, count)})`)
      .orderBy(ways[direction].order(posts.id))
  })
)

function isShown({ repliesPolicy, ...shown }: Shown & { repliesPolicy: RepliesPolicy }): SQL {
  const isToThem = sql`${posts.replyToAuthorId} in (${posts.authorId}, ${at.me})`
  const isReplyWanted = sql`(${isToThem} or (${isForList[repliesPolicy]()} and ${shows('replies')}))`
  return sql`${leavesIn(shown)} and ${posts.visibility} <> 'direct' and ${visibleTo(at.me)} and ${isHeard()}
    and (${posts.replyToUri} is null or ${isReplyWanted}) and (${posts.boostOfId} is null or ${isBoostWanted(false)})`
}

/** Whose replies to others stand in a list, by its policy. */
const isForList: Record<RepliesPolicy, () => SQL> = {
  none: () => sql`1 = 0`,
  members: () => {
    const answered = alias(listMembers, 'answered')
    return isThere(
      sql`from ${listMembers} answered where ${answered.listId} = ${listId} and ${answered.accountId} = ${posts.replyToAuthorId}`
    )
  },
  followed: () => isFollowing(at.me, posts.replyToAuthorId)
}
