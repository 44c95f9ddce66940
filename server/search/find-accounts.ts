import { and, asc, eq, isNotNull, isNull, or, type SQL, sql } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { follows } from '#db/schema/follows.ts'
import { users } from '#db/schema/sign-in.ts'
import type { Account } from '#server/accounts/who.ts'
import { isFollowing, isOnHiddenDomain, isSilenced } from '#server/posts/quieting.ts'
import { isAccountHidden, isBlockedBetween } from '#server/posts/visibility.ts'
import { contains, searchKey } from '#server/search/like-pattern.ts'

const accountsMax = 20
/** Stands behind every name that begins with what comes before it, in the orders of both databases. */
const endOfNames = 'z'.repeat(64)

/**
 * People whose handle begins with what was typed, and people of ours or followed by the viewer (undefined: nobody is signed in) whose display name
 * or biography holds it; ours first, 20 at most. Nobody hidden, blocked in either direction, of a server the viewer hid, or waiting to be let in; and, unless the viewer follows
 * them, nobody who does not want to be found or was silenced.
 */
export async function findAccounts(db: Reader, viewerId: number | undefined, typed: string): Promise<Account[]> {
  const words = searchKey(typed)
  const name = words.replace(/^@/, '').split('@', 1)[0]!
  const offered = isOffered(viewerId)
  const byName = name === '' || /\s/.test(name) ? [] : await read(db, and(beginsWith(name), hostBeginsWith(words), offered))
  const holdsWords = contains(sql`lower(${accounts.displayName} || ' ' || coalesce(${accounts.bioText}, ${accounts.bioHtml}))`, words)
  const byDisplayName = words === '' ? [] : await read(db, and(isNull(accounts.domain), holdsWords, offered))
  const followed = words === '' || viewerId === undefined ? [] : await followedBy(db, viewerId, and(holdsWords, offered))
  const found = new Map([...byName, ...byDisplayName, ...followed].map((account) => [account.id, account]))
  return [...found.values()].sort((a, b) => Number(a.domain !== null) - Number(b.domain !== null)).slice(0, accountsMax)
}

/** Whether an account may stand among the results though it did not ask to be found: somebody named it in full. */
export async function isOpenTo(db: Reader, viewerId: number | undefined, account: Account): Promise<boolean> {
  const rows = await db
    .select({ id: accounts.id })
    .from(accounts)
    .leftJoin(users, eq(users.accountId, accounts.id))
    .where(and(eq(accounts.id, account.id), isThereFor(viewerId), isLetIn()))
  return rows.length > 0
}

async function read(db: Reader, which: SQL | undefined): Promise<Account[]> {
  const rows = await db
    .select({ account: accounts })
    .from(accounts)
    .leftJoin(users, eq(users.accountId, accounts.id))
    .where(and(which, isLetIn()))
    .orderBy(asc(accounts.nameKey))
    .limit(accountsMax)
  return rows.map(({ account }) => account)
}

/** Not one of ours whose sign-up still waits: it does not exist for anybody yet. */
function isLetIn(): SQL | undefined {
  return or(isNotNull(accounts.domain), and(isNotNull(users.approvedAt), isNotNull(users.emailConfirmedAt)))
}

async function followedBy(db: Reader, viewerId: number, which: SQL | undefined): Promise<Account[]> {
  const rows = await db
    .select({ account: accounts })
    .from(follows)
    .innerJoin(accounts, eq(accounts.id, follows.followedId))
    .where(and(eq(follows.followerId, viewerId), eq(follows.state, 'accepted'), which))
    .orderBy(asc(accounts.nameKey))
    .limit(accountsMax)
  return rows.map(({ account }) => account)
}

/** The bounds are for the index, the comparison for databases whose order is not that of the letters' codes. */
function beginsWith(name: string): SQL {
  return sql`${accounts.nameKey} >= ${name} and ${accounts.nameKey} <= ${name + endOfNames} and substr(${accounts.nameKey}, 1, ${[...name].length}) = ${name}`
}

function hostBeginsWith(words: string): SQL | undefined {
  const host = words.replace(/^@/, '').split('@')[1]
  return host ? sql`substr(${accounts.domain}, 1, ${[...host].length}) = ${host}` : undefined
}

function isOffered(viewerId: number | undefined): SQL | undefined {
  const wantsToBeFound = sql`(${eq(accounts.isDiscoverable, true)} and not ${isSilenced(accounts.id)})`
  const isKnown = viewerId === undefined ? undefined : or(eq(accounts.id, viewerId), isFollowing(viewerId, accounts.id))
  const isOnShownServer = viewerId === undefined ? undefined : sql`not ${isOnHiddenDomain(viewerId, accounts.id)}`
  return and(isThereFor(viewerId), isOnShownServer, or(wantsToBeFound, isKnown))
}

function isThereFor(viewerId: number | undefined): SQL | undefined {
  const isPerson = sql`(${accounts.domain} is not null or ${accounts.type} <> 'Application')`
  return and(
    isPerson,
    sql`not ${isAccountHidden(accounts.id)}`,
    viewerId === undefined ? undefined : sql`not ${isBlockedBetween(viewerId, accounts.id)}`
  )
}
