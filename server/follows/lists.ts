import { and, desc, eq, gt, isNull, lt, or, sql } from 'drizzle-orm'
import { prepare, type Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { blocks, follows, mutes } from '#db/schema/follows.ts'
import type { Account } from '#server/accounts/who.ts'
import { isBlockedBetween } from '#server/posts/visibility.ts'

/** A page of people, newest first: `before` is the `cursor` of the page above. */
export interface PeoplePage {
  before?: number
  limit?: number
  /** Who looks: people blocked in either direction are left out. Undefined for anybody. */
  viewerId?: number
}

export interface PeopleRow {
  account: Account
  /** Id of the follow, block or mute behind the row. */
  cursor: number
}

export const peoplePerPage = 40

/** Who follows an account. */
export function followersOf(db: Reader, accountId: number, page: PeoplePage = {}): Promise<PeopleRow[]> {
  return followRows(db, and(eq(follows.followedId, accountId), eq(follows.state, 'accepted')), follows.followerId, page)
}

/** Whom an account follows. */
export function followingOf(db: Reader, accountId: number, page: PeoplePage = {}): Promise<PeopleRow[]> {
  return followRows(db, and(eq(follows.followerId, accountId), eq(follows.state, 'accepted')), follows.followedId, page)
}

/** Who asks to follow an account and waits for an answer. */
export function requestsTo(db: Reader, accountId: number, page: PeoplePage = {}): Promise<PeopleRow[]> {
  return followRows(db, and(eq(follows.followedId, accountId), eq(follows.state, 'pending')), follows.followerId, page)
}

const requestCount = prepare((db: Reader) =>
  db
    .select({ count: sql`count(*)`.mapWith(Number) })
    .from(follows)
    .where(and(eq(follows.followedId, sql.placeholder('accountId')), eq(follows.state, 'pending')))
)

/** How many ask to follow an account: it stands on every page. */
export async function countRequests(db: Reader, accountId: number): Promise<number> {
  const [row] = await requestCount(db, { accountId })
  return row!.count
}

export function blockedBy(db: Reader, accountId: number, { before, limit = peoplePerPage }: PeoplePage = {}): Promise<PeopleRow[]> {
  return db
    .select({ account: accounts, cursor: blocks.id })
    .from(blocks)
    .innerJoin(accounts, eq(accounts.id, blocks.targetId))
    .where(and(eq(blocks.accountId, accountId), before === undefined ? undefined : lt(blocks.id, before)))
    .orderBy(desc(blocks.id))
    .limit(limit)
}

export interface MutedRow extends PeopleRow {
  /** Null until it is lifted. */
  expiresAt: number | null
  hidesNotifications: boolean
}

/** Whom an account has muted, as far as the mutes still last. */
export function mutedBy(
  db: Reader,
  accountId: number,
  now: number,
  { before, limit = peoplePerPage }: PeoplePage = {}
): Promise<MutedRow[]> {
  return db
    .select({ account: accounts, cursor: mutes.id, expiresAt: mutes.expiresAt, hidesNotifications: mutes.hidesNotifications })
    .from(mutes)
    .innerJoin(accounts, eq(accounts.id, mutes.targetId))
    .where(
      and(
        eq(mutes.accountId, accountId),
        or(isNull(mutes.expiresAt), gt(mutes.expiresAt, now)),
        before === undefined ? undefined : lt(mutes.id, before)
      )
    )
    .orderBy(desc(mutes.id))
    .limit(limit)
}

/** Suspended people (or of suspended domains) and erased ones stand in nobody's list, nor does whom a block parts from the viewer. */
function followRows(
  db: Reader,
  which: ReturnType<typeof and>,
  other: typeof follows.followerId | typeof follows.followedId,
  { before, limit = peoplePerPage, viewerId }: PeoplePage
): Promise<PeopleRow[]> {
  return db
    .select({ account: accounts, cursor: follows.id })
    .from(follows)
    .innerJoin(accounts, eq(accounts.id, other))
    .where(
      and(
        which,
        isNull(accounts.suspendedAt),
        isNull(accounts.deletedAt),
        sql`${accounts.domainSeverity} is distinct from 'suspend'`,
        viewerId === undefined ? undefined : sql`not ${isBlockedBetween(viewerId, accounts.id)}`,
        before === undefined ? undefined : lt(follows.id, before)
      )
    )
    .orderBy(desc(follows.id))
    .limit(limit)
}
