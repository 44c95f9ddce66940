import { and, desc, eq, isNotNull, isNull, lt, type SQL, sql } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { posts } from '#db/schema/posts.ts'
import { users } from '#db/schema/sign-in.ts'
import type { Account } from '#server/accounts/who.ts'
import { isMuted } from '#server/posts/quieting.ts'
import { isBlockedBetween } from '#server/posts/visibility.ts'
import { listable } from '#server/search/suggest-people.ts'
import { flag } from '#server/timelines/candidates.ts'

export const directoryPlaces = ['here', 'elsewhere'] as const
export const directoryOrders = ['active', 'new'] as const
export type DirectoryPlace = (typeof directoryPlaces)[number]
export type DirectoryOrder = (typeof directoryOrders)[number]

const peoplePerPage = 20
/** A page of the active looks through so many public posts at most for the latest of each author; then it stays short and leads on. */
const rowsPerRead = 200
const readsMax = 6
/** Where no more people are at home than this, each is asked for their latest post: few who write seldom lie far apart among the posts. */
const fewPeople = 300

export interface DirectoryAsked {
  place: DirectoryPlace
  order: DirectoryOrder
  /** Undefined for whoever is not signed in. */
  viewerId: number | undefined
  before: number | undefined
  /** ms since 1970. */
  now: number
}

/** Accounts, and from where the next page goes on; without a cursor there are no more. Cursors of the active are ids of posts, of the new those of accounts. */
export interface DirectoryPage {
  accounts: Account[]
  olderCursor: number | undefined
}

/**
 * People who want to be found, of here or of elsewhere: those who wrote publicly last first, or those who came last. Nobody hidden, silenced or moved away;
 * nobody blocked or muted by the viewer.
 */
export function listDirectory(db: Reader, asked: DirectoryAsked): Promise<DirectoryPage> {
  return asked.order === 'active' ? listActive(db, asked) : listNew(db, asked)
}

async function listNew(db: Reader, { place, viewerId, before = Number.MAX_SAFE_INTEGER, now }: DirectoryAsked): Promise<DirectoryPage> {
  // Ours are found by their rows of users: among accounts they stand far apart.
  const rows =
    place === 'here'
      ? await db
          .select({ account: accounts })
          .from(users)
          .innerJoin(accounts, eq(accounts.id, users.accountId))
          .where(and(lt(users.accountId, before), isShownTo(viewerId, now)))
          .orderBy(desc(users.accountId))
          .limit(peoplePerPage + 1)
      : await db
          .select({ account: accounts })
          .from(accounts)
          .leftJoin(users, eq(users.accountId, accounts.id))
          .where(and(lt(accounts.id, before), isNotNull(accounts.domain), isShownTo(viewerId, now)))
          .orderBy(desc(accounts.id))
          .limit(peoplePerPage + 1)
  const shown = rows.slice(0, peoplePerPage).map(({ account }) => account)
  return { accounts: shown, olderCursor: rows.length > peoplePerPage ? shown.at(-1)?.id : undefined }
}

async function listActive(db: Reader, { place, viewerId, before, now }: DirectoryAsked): Promise<DirectoryPage> {
  if (place === 'here' && (await isSmall(db))) return listActiveOfFew(db, { viewerId, before, now })
  const shown: Account[] = []
  let cursor = before ?? Number.MAX_SAFE_INTEGER
  for (let read = 0; read < readsMax; read++) {
    const rows = await readAuthors(db, { place, viewerId, before: cursor, now })
    for (const { id, isLatest, isShown, account } of rows) {
      cursor = id
      if (isLatest && isShown) shown.push(account)
      if (shown.length === peoplePerPage) return { accounts: shown, olderCursor: cursor }
    }
    if (rows.length < rowsPerRead) return { accounts: shown, olderCursor: undefined }
  }
  return { accounts: shown, olderCursor: cursor }
}

async function isSmall(db: Reader): Promise<boolean> {
  const rows = await db
    .select({ id: users.accountId })
    .from(users)
    .limit(fewPeople + 1)
  return rows.length <= fewPeople
}

async function listActiveOfFew(
  db: Reader,
  { viewerId, before = Number.MAX_SAFE_INTEGER, now }: Pick<DirectoryAsked, 'viewerId' | 'before' | 'now'>
): Promise<DirectoryPage> {
  const latest = latestPublicOf(sql`${users.accountId}`)
  const rows = await db
    .select({ id: latest.mapWith(Number).as('latest_id'), account: accounts })
    .from(users)
    .innerJoin(accounts, eq(accounts.id, users.accountId))
    .where(and(sql`${latest} < ${before}`, isShownTo(viewerId, now)))
    .orderBy(sql`latest_id desc`)
    .limit(peoplePerPage + 1)
  const shown = rows.slice(0, peoplePerPage)
  return { accounts: shown.map(({ account }) => account), olderCursor: rows.length > peoplePerPage ? shown.at(-1)?.id : undefined }
}

function latestPublicOf(authorId: SQL): SQL<number> {
  return sql`(select last.id from ${posts} last where last.author_id = ${authorId} and last.visibility = 'public'
    and last.deleted_at is null and last.boost_of_id is null order by last.id desc limit 1)`
}

function readAuthors(db: Reader, { place, viewerId, before, now }: Omit<DirectoryAsked, 'order' | 'before'> & { before: number }) {
  const isPublic = sql`${posts.visibility} = 'public' and ${posts.deletedAt} is null and ${posts.boostOfId} is null`
  const isPublicHere = sql`${posts.visibility} = 'public' and ${posts.isLocal} and ${posts.deletedAt} is null and ${posts.boostOfId} is null`
  // Of an author's posts the latest public one speaks for them, so that nobody stands twice, on whatever page.
  const latest = latestPublicOf(sql`${posts.authorId}`)
  const isLatest = sql`${latest} = ${posts.id}`
  return db
    .select({
      id: posts.id,
      isLatest: flag(isLatest).as('is_latest'),
      isShown: flag(sql`case when ${isLatest} then ${isShownTo(viewerId, now)} else 1 = 0 end`).as('is_shown'),
      account: accounts
    })
    .from(posts)
    .innerJoin(accounts, eq(accounts.id, posts.authorId))
    .leftJoin(users, eq(users.accountId, accounts.id))
    .where(and(place === 'here' ? isPublicHere : and(isPublic, isNotNull(accounts.domain)), lt(posts.id, before), isHere(place)))
    .orderBy(desc(posts.id))
    .limit(rowsPerRead)
}

function isHere(place: DirectoryPlace): SQL {
  return place === 'here' ? isNull(accounts.domain) : isNotNull(accounts.domain)
}

function isShownTo(viewerId: number | undefined, now: number): SQL | undefined {
  const isQuieted = (viewer: number) => sql`not ${isBlockedBetween(viewer, accounts.id)} and not ${isMuted(viewer, accounts.id, now)}`
  return and(listable(), viewerId === undefined ? undefined : isQuieted(viewerId))
}
