import { TZDate } from '@date-fns/tz'
import { inArray, type SQL, sql } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { bookmarks, favourites, postMentions, posts } from '#db/schema/posts.ts'
import { findEntries, type IndexQuery, wordsThatBegin } from '#db/search-index.ts'
import { findAccountByHandle } from '#server/accounts/find-account.ts'
import type { Context } from '#server/context.ts'
import { firstIdAt } from '#server/platform/ids.ts'
import { isThere } from '#server/posts/is-there.ts'
import { prepareByIds } from '#server/posts/posts-by-ids.ts'
import { isFollowing, isMuted, isSilenced } from '#server/posts/quieting.ts'
import { visibleTo } from '#server/posts/visibility.ts'
import { authorMark, featureMark, keptMark, openMark, ownWord, personMark, tagMark } from '#server/search/marks.ts'
import type { Day, PostQuery, QueryFault } from '#server/search/read-query.ts'
import { at, flag } from '#server/timelines/candidates.ts'
import { boundsOf, type Candidate, fillPage } from '#server/timelines/pages.ts'
import { rowsOf, type TimelinePage } from '#server/timelines/rows.ts'

const postsPerPage = 20
/** A beginning stands for so many words at most, the shortest of those it leads to. */
const wordsOfBeginningMax = 20
const wordsOfBeginningLooked = 200
const beginningCharactersMin = 3

type Searching = Pick<Context, 'db' | 'clock' | 'config'>

interface Viewer {
  accountId: number
  /** IANA zone in which their days begin and end. */
  zone: string
}

interface Compiled {
  index: IndexQuery
  /** Ids strictly between which posts lie. */
  above: number
  below: number
  /** Whose posts were asked for by name: a mute does not hide them then. */
  fromIds: number[]
}

/**
 * Posts that hold what somebody looks for, the newest first: their own, those they have to do with (answered, boosted, liked, kept, named in), and
 * public ones of authors who want to be found. Who may see a post is asked of the one rule; mutes and silences hide as in timelines, but for
 * whom is asked for by name or followed. A fault when it names somebody nobody here knows.
 */
export async function findPosts(
  ctx: Searching,
  viewer: Viewer,
  query: PostQuery,
  { beforeId }: { beforeId?: number | undefined } = {}
): Promise<TimelinePage | QueryFault> {
  const compiled = await compile(ctx, viewer, query)
  if ('key' in compiled) return compiled
  const { index, above, below, fromIds } = compiled
  const bounds = boundsOf({ beforeId: Math.min(beforeId ?? below, below), limit: postsPerPage })
  const values = { me: viewer.accountId, now: ctx.clock.now() }
  const filled = await fillPage(bounds, async (before, count) => {
    const ids = await findEntries(ctx.db, index, { before, after: above, count })
    const rows = new Map((await rulesFor(ctx.db, ids, values)).map((row) => [row.id, row]))
    return ids.map((id): Candidate => {
      const row = rows.get(id)
      const isQuieted = row?.isQuieted === true && !fromIds.includes(row.authorId)
      return { cursor: id, id, boostOfId: null, isShown: row?.isOpenToMe === true && !isQuieted }
    })
  })
  return rowsOf(ctx.db, filled)
}

const rulesFor = prepareByIds<{ id: number; authorId: number; isOpenToMe: boolean; isQuieted: boolean }, { me: number; now: number }>(
  (db: Reader, ids) =>
    db
      .select({
        id: posts.id,
        authorId: posts.authorId,
        isOpenToMe: flag(sql`${visibleTo(at.me)} and ${isMineToFind()}`).as('is_open'),
        isQuieted: flag(
          sql`${isMuted(at.me, posts.authorId, at.now)} or (${isSilenced(posts.authorId)} and not ${isConcerned()} and not ${isFollowing(at.me, posts.authorId)})`
        ).as('is_quieted')
      })
      .from(posts)
      .where(inArray(posts.id, ids))
)

/** The index may lag behind a change of mind; this does not. */
function isMineToFind(): SQL {
  const wantsToBeFound = isThere(sql`from ${accounts} found_author where found_author.id = ${posts.authorId} and found_author.is_indexable`)
  return sql`((${posts.visibility} = 'public' and ${wantsToBeFound}) or ${isConcerned()})`
}

/** One's own, or one has to do with it. */
function isConcerned(): SQL {
  const of = (what: SQL) => isThere(what)
  return sql`(${posts.authorId} = ${at.me}
    or ${of(sql`from ${favourites} liked where liked.account_id = ${at.me} and liked.post_id = ${posts.id}`)}
    or ${of(sql`from ${bookmarks} kept where kept.account_id = ${at.me} and kept.post_id = ${posts.id}`)}
    or ${of(sql`from ${postMentions} named where named.account_id = ${at.me} and named.post_id = ${posts.id}`)}
    or ${of(sql`from ${posts} boost where boost.author_id = ${at.me} and boost.boost_of_id = ${posts.id}`)}
    or ${of(sql`from ${posts} reply where reply.reply_to_id = ${posts.id} and reply.author_id = ${at.me} and reply.deleted_at is null`)})`
}

async function compile(ctx: Searching, { accountId, zone }: Viewer, query: PostQuery): Promise<Compiled | QueryFault> {
  const all: string[][][] = []
  const none: string[][] = []
  const add = (phrases: string[][], isExcluded: boolean) => (isExcluded ? none.push(...phrases) : all.push(phrases))
  for (const { phrases, isBeginning, isExcluded } of query.words)
    add(isBeginning ? await complete(ctx.db, accountId, phrases) : phrases, isExcluded)
  for (const { tag, isExcluded } of query.tags) add([[tagMark(tag)]], isExcluded)
  for (const { feature, isExcluded } of query.features) add([[featureMark(feature)]], isExcluded)
  const fromIds: number[] = []
  for (const { handle, isExcluded } of query.from) {
    const id = await idOf(ctx, accountId, handle)
    if (id === undefined) return { key: 'search.faultUnknown', values: { handle: `@${handle.slice(0, 100)}` } }
    add([[authorMark(id)]], isExcluded)
    if (!isExcluded) fromIds.push(id)
  }
  const scope = query.library === undefined || query.library === 'library' ? [personMark(accountId)] : [keptMark(query.library, accountId)]
  if (query.library === undefined) scope.push(openMark)
  return { index: { scope, all, none }, ...spanOf(query, zone), fromIds }
}

async function idOf(ctx: Searching, accountId: number, handle: string): Promise<number | undefined> {
  return handle.toLowerCase() === 'me' ? accountId : (await findAccountByHandle(ctx.db, handle, ctx.config))?.id
}

/** The word itself, and the shortest that begin with it of those that stand in posts for everybody or in some that are the viewer's to find. */
async function complete(db: Reader, viewerId: number, phrases: string[][]): Promise<string[][]> {
  const [words = []] = phrases
  const start = words.at(-1) ?? ''
  if ([...start].length < beginningCharactersMin) return phrases
  const own = await wordsThatBegin(db, ownWord(viewerId, start), wordsOfBeginningLooked)
  const found = [
    ...(await wordsThatBegin(db, start, wordsOfBeginningLooked)),
    ...own.map((word) => word.slice(ownWord(viewerId, '').length))
  ]
  const nearest = [...new Set(found)].sort((a, b) => a.length - b.length || (a < b ? -1 : 1)).slice(0, wordsOfBeginningMax)
  return [words, ...nearest.filter((word) => word !== start).map((word) => [...words.slice(0, -1), word])]
}

/** `after:` a day begins with the next one; a day begins and ends where the reader is. */
function spanOf({ before, after, on }: PostQuery, zone: string): { above: number; below: number } {
  const start = ({ year, month, day }: Day, daysLater = 0) => firstIdAt(new TZDate(year, month - 1, day + daysLater, zone).getTime())
  const below = Math.min(before ? start(before) : Number.MAX_SAFE_INTEGER, on ? start(on, 1) : Number.MAX_SAFE_INTEGER)
  const above = Math.max(after ? start(after, 1) : 0, on ? start(on) : 0) - 1
  return { above, below }
}
