import { and, eq, inArray, isNotNull, isNull, or, type SQL, sql } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { follows } from '#db/schema/follows.ts'
import { dismissedSuggestions } from '#db/schema/search.ts'
import { users } from '#db/schema/sign-in.ts'
import type { Account } from '#server/accounts/who.ts'
import { isHidingFollows } from '#server/peers/federation-choices.ts'
import { isThere } from '#server/posts/is-there.ts'
import { isMuted, isSilenced } from '#server/posts/quieting.ts'
import { isAccountHidden, isBlockedBetween } from '#server/posts/visibility.ts'

/** Of those somebody follows, so many are asked whom they follow, the latest; and of each so many of their latest. */
const followedMax = 80
const followedOfEachMax = 80
/** People of these many latest follows of anybody here are what is popular. */
const latestFollowsMax = 2_000
const candidatesMax = 60
/** Followed by so many whom one follows. */
const sharedMin = 2

export interface Suggestion {
  account: Account
  /** How many of those the viewer follows do. */
  sharedCount: number
  /** How many here follow them, of those who followed anybody lately. */
  fansCount: number
}

/**
 * People somebody may want to follow: those whom several of the people they follow do, then those whom many here follow. Nobody they follow or asked to,
 * blocked in either direction, muted or put away, and nobody silenced, moved, hidden or who does not want to be found. `now` in ms since 1970.
 */
export async function suggestPeople(db: Reader, viewerId: number, now: number, count: number): Promise<Suggestion[]> {
  const shared = await followedByFollowed(db, viewerId)
  const popular = new Map(await popularHere(db))
  const fans = (id: number) => popular.get(id) ?? 0
  const candidates = [...new Map([...shared, ...[...popular.keys()].map((id): [number, number] => [id, shared.get(id) ?? 0])])]
  const order = candidates.sort(([a, x], [b, y]) => y - x || fans(b) - fans(a) || b - a).slice(0, candidatesMax)
  const allowed = await offered(
    db,
    viewerId,
    now,
    order.map(([id]) => id)
  )
  return order
    .flatMap(([id, sharedCount]) => (allowed.has(id) ? { account: allowed.get(id)!, sharedCount, fansCount: fans(id) } : []))
    .slice(0, count)
}

/** How many of those one follows do follow somebody, of whom two at least do; of those who let that be known. */
async function followedByFollowed(db: Reader, viewerId: number): Promise<Map<number, number>> {
  const rows = await db.rows(sql`
    select second.followed_id as id, count(*) as shared from (
      select followed_id from follows where follower_id = ${viewerId} and state = 'accepted'
        and not ${isHidingFollows(sql`follows.followed_id`)} order by id desc limit ${sql.raw(String(followedMax))}
    ) as first
    join ${follows} second on second.follower_id = first.followed_id and second.state = 'accepted'
      and second.id >= coalesce((
        select bound.id from follows bound where bound.follower_id = first.followed_id and bound.state = 'accepted'
        order by bound.id desc limit 1 offset ${sql.raw(String(followedOfEachMax))}
      ), 0)
    where second.followed_id <> ${viewerId}
    group by second.followed_id having count(*) >= ${sql.raw(String(sharedMin))}
    order by count(*) desc, second.followed_id desc limit ${sql.raw(String(candidatesMax))}`)
  return new Map(rows.map(({ id, shared }) => [Number(id), Number(shared)]))
}

async function popularHere(db: Reader): Promise<[number, number][]> {
  const rows = await db.rows(sql`
    select latest.followed_id as id, count(*) as fans from (
      select follows.followed_id from follows where state = 'accepted' order by id desc limit ${sql.raw(String(latestFollowsMax))}
    ) as latest
    group by latest.followed_id order by count(*) desc, latest.followed_id desc limit ${sql.raw(String(candidatesMax))}`)
  return rows.map(({ id, fans }) => [Number(id), Number(fans)])
}

async function offered(db: Reader, viewerId: number, now: number, ids: number[]): Promise<Map<number, Account>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .select({ account: accounts })
    .from(accounts)
    .leftJoin(users, eq(users.accountId, accounts.id))
    .where(and(inArray(accounts.id, ids), isOfferedTo(viewerId, now)))
  return new Map(rows.map(({ account }) => [account.id, account]))
}

function isOfferedTo(viewerId: number, now: number): SQL | undefined {
  const isKnown = isThere(sql`from ${follows} asked where asked.follower_id = ${viewerId} and asked.followed_id = ${accounts.id}`)
  const isPutAway = isThere(sql`from ${dismissedSuggestions} away where away.account_id = ${viewerId} and away.target_id = ${accounts.id}`)
  return and(
    sql`${accounts.id} <> ${viewerId}`,
    listable(),
    sql`not ${isKnown} and not ${isPutAway} and not ${isBlockedBetween(viewerId, accounts.id)} and not ${isMuted(viewerId, accounts.id, now)}`
  )
}

/** Somebody who may be shown to whoever did not ask for them: wants to be found, is let in, neither hidden nor silenced, and has not moved away. For queries of accounts with their users. */
export function listable(): SQL | undefined {
  return and(
    eq(accounts.isDiscoverable, true),
    isNull(accounts.movedToUri),
    sql`(${accounts.domain} is not null or ${accounts.type} <> 'Application')`,
    sql`not ${isAccountHidden(accounts.id)} and not ${isSilenced(accounts.id)}`,
    or(isNotNull(accounts.domain), and(isNotNull(users.approvedAt), isNotNull(users.emailConfirmedAt)))
  )
}
