import { and, desc, eq, gt, isNull, lt, or, sql } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { blocks, follows, mutes } from '#db/schema/follows.ts'
import type { Account } from '#server/accounts/who.ts'

/** A page of people, newest first: `before` is the `cursor` of the page above. */
export interface PeoplePage {
  before?: number
  limit?: number
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

export function countRequests(db: Reader, accountId: number): Promise<number> {
  return db.$count(follows, and(eq(follows.followedId, accountId), eq(follows.state, 'pending')))
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

/** Whom an account has muted, as far as the mutes still last. */
export function mutedBy(db: Reader, accountId: number, now: number, { before, limit = peoplePerPage }: PeoplePage = {}): Promise<PeopleRow[]> {
  return db
    .select({ account: accounts, cursor: mutes.id })
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

/** Suspended people (or of suspended domains) and erased ones stand in nobody's list. */
function followRows(
  db: Reader,
  which: ReturnType<typeof and>,
  other: typeof follows.followerId | typeof follows.followedId,
  { before, limit = peoplePerPage }: PeoplePage
): Promise<PeopleRow[]> {
  return db
    .select({ account: accounts, cursor: follows.id })
    .from(follows)
    .innerJoin(accounts, eq(accounts.id, other))
    .where(and(which, isNull(accounts.suspendedAt), isNull(accounts.deletedAt), sql`${accounts.domainSeverity} is distinct from 'suspend'`, before === undefined ? undefined : lt(follows.id, before)))
    .orderBy(desc(follows.id))
    .limit(limit)
}
