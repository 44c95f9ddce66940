import { eq, sql } from 'drizzle-orm'
import { dialectOfProcess } from '#db/dialect.ts'
import { prepare, type Reader } from '#db/reader.ts'
import { accountKeys, accounts } from '#db/schema/accounts.ts'
import { peers } from '#db/schema/peers.ts'
import type { Account } from '#server/accounts/who.ts'
import type { HostWords } from '#server/peers/peer-health.ts'
import { takeTurn } from '#server/peers/taken-back.ts'
import type { KeyRow } from '#server/peers/signing-keys.ts'

/**
 * What one account says is taken in one after the other: at the same moment an act and its Undo, or a Create and its Delete, would not see each other. Part
 * of the first statement, so that all later ones see what was waited for. SQLite has one writer anyway.
 */
const ownTurn: Record<never, never> = dialectOfProcess() === 'postgres' ? { turn: takeTurn(accounts.id) } : {}

const ofAccount = prepare((db: Reader) =>
  db
    .select({
      name: accounts.name,
      domain: accounts.domain,
      followersUrl: accounts.followersUrl,
      fetchedAt: accounts.fetchedAt,
      suspendedAt: accounts.suspendedAt,
      silencedAt: accounts.silencedAt,
      domainSeverity: accounts.domainSeverity,
      deletedAt: accounts.deletedAt,
      keyId: accountKeys.id,
      keyUri: accountKeys.uri,
      keyPem: accountKeys.publicPem,
      host: peers.host,
      lastReceivedAt: peers.lastReceivedAt,
      failingSince: peers.failingSince,
      heldUntil: peers.heldUntil,
      ...ownTurn
    })
    .from(accounts)
    .leftJoin(accountKeys, eq(accountKeys.accountId, accounts.id))
    .leftJoin(peers, eq(peers.host, sql.placeholder('host')))
    .where(eq(accounts.id, sql.placeholder('id')))
)

/** How an account and its server stand at this moment, read at one go, and first, inside the transaction of what the account says. */
export interface Standing {
  rows: Awaited<ReturnType<typeof ofAccount>>
  /** What is noted of the host; undefined when nothing is yet. */
  words: HostWords | undefined
}

export async function findStanding(db: Reader, id: number, host: string): Promise<Standing> {
  const rows = await ofAccount(db, { id, host })
  // Nearly all have one key, for which a database would set up a sorter all the same.
  if (rows.length > 1) rows.sort((a, b) => (a.keyId ?? 0) - (b.keyId ?? 0))
  const [first] = rows
  const isNoted = first !== undefined && first.host !== null
  return {
    rows,
    words: isNoted ? { lastReceivedAt: first.lastReceivedAt, failingSince: first.failingSince, heldUntil: first.heldUntil } : undefined
  }
}

/** Whether whatever decides about an account's words, limits and keys included, is still what it was when it was read. */
export function isAsRead({ rows }: Standing, account: Account, keys: readonly KeyRow[]): boolean {
  const [now] = rows
  if (!now || rows.length !== Math.max(1, keys.length)) return false
  return (
    now.name === account.name &&
    now.domain === account.domain &&
    now.followersUrl === account.followersUrl &&
    now.fetchedAt === account.fetchedAt &&
    now.suspendedAt === account.suspendedAt &&
    now.silencedAt === account.silencedAt &&
    now.domainSeverity === account.domainSeverity &&
    now.deletedAt === account.deletedAt &&
    keys.every((key, place) => rows[place]?.keyUri === key.uri && rows[place]?.keyPem === key.publicPem)
  )
}
