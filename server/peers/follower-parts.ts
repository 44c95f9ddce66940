import { and, asc, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import { prepare, type Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { follows } from '#db/schema/follows.ts'

/** Accepted followers from elsewhere with their hosts, a page at a time by the id of the follow. */
const remotePage = prepare((db: Reader) =>
  db
    .select({ id: follows.id, uri: accounts.uri, host: accounts.host })
    .from(follows)
    .innerJoin(accounts, eq(accounts.id, follows.followerId))
    .where(
      and(
        eq(follows.followedId, sql.placeholder('accountId')),
        eq(follows.state, 'accepted'),
        isNotNull(accounts.host),
        sql`${follows.id} > ${sql.placeholder('after')}`
      )
    )
    .orderBy(asc(follows.id))
    .limit(sql.placeholder('limit'))
)

export function findRemoteFollowers(
  db: Reader,
  accountId: number,
  after: number,
  limit: number
): Promise<{ id: number; uri: string; host: string | null }[]> {
  return remotePage(db, { accountId, after, limit })
}

/** Accepted followers of an account whose actors live on a host, in order of their ids; at most `limit`. */
export async function findFollowersAt(db: Reader, accountId: number, host: string, limit: number): Promise<string[]> {
  const rows = await db
    .select({ uri: accounts.uri })
    .from(accounts)
    .innerJoin(follows, eq(follows.followerId, accounts.id))
    .where(and(eq(accounts.host, host), eq(follows.followedId, accountId), eq(follows.state, 'accepted')))
    .orderBy(asc(accounts.uri))
    .limit(limit)
  return rows.map((row) => row.uri)
}

const localOf = prepare((db: Reader) =>
  db
    .select({
      followId: follows.id,
      followUri: follows.uri,
      state: follows.state,
      acceptedAt: follows.acceptedAt,
      followerId: accounts.id,
      uri: accounts.uri
    })
    .from(follows)
    .innerJoin(accounts, eq(accounts.id, follows.followerId))
    .where(and(eq(follows.followedId, sql.placeholder('accountId')), isNull(accounts.domain)))
)

export type LocalFollow = Awaited<ReturnType<typeof localOf>>[number]

/** Who of ours follows an account from elsewhere, or has asked to. */
export function findLocalFollows(db: Reader, accountId: number): Promise<LocalFollow[]> {
  return localOf(db, { accountId })
}
