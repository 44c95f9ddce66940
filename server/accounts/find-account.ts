import { and, eq, isNotNull, isNull, or, sql } from 'drizzle-orm'
import { prepare, type Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { users } from '#db/schema/sign-in.ts'
import type { Account } from '#server/accounts/who.ts'
import type { Config } from '#server/config.ts'
import { Refusal } from '#server/errors.ts'
import { normalizeHost } from '#server/platform/host-names.ts'

/** Our own hosts, as far as handles are concerned. */
export type OwnHosts = Pick<Config, 'host' | 'handleDomain'>

/** A handle taken apart: `domain` is null for ours. */
export interface Handle {
  nameKey: string
  domain: string | null
}

const handleShape = /^@?([\p{L}\p{N}\p{M}_.-]{1,200})(?:@([^@\s]{1,260}))?$/u

const byUri = prepare((db: Reader) =>
  db
    .select()
    .from(accounts)
    .where(eq(accounts.uri, sql.placeholder('uri')))
)

const byId = prepare((db: Reader) =>
  db
    .select()
    .from(accounts)
    .where(eq(accounts.id, sql.placeholder('id')))
)

const localByName = prepare((db: Reader) =>
  db
    .select({ account: accounts })
    .from(accounts)
    .leftJoin(users, eq(users.accountId, accounts.id))
    .where(
      and(
        eq(accounts.nameKey, sql.placeholder('nameKey')),
        isNull(accounts.domain),
        or(isNull(users.accountId), and(isNotNull(users.approvedAt), isNotNull(users.emailConfirmedAt)))
      )
    )
)

const remoteByHandle = prepare((db: Reader) =>
  db
    .select()
    .from(accounts)
    .where(and(eq(accounts.nameKey, sql.placeholder('nameKey')), eq(accounts.domain, sql.placeholder('domain'))))
)

/**
 * `name`, `@name`, `name@host` or `@name@host` taken apart. Case does not matter, and the host is normalised; our own host and the
 * handle domain mean us. Undefined when it is no handle.
 */
export function readHandle(typed: string, own: OwnHosts): Handle | undefined {
  const [, name, host] = handleShape.exec(typed.trim()) ?? []
  if (name === undefined) return undefined
  const nameKey = name.toLowerCase()
  if (host === undefined) return { nameKey, domain: null }
  const domain = normalizeHost(host)
  if (domain === undefined) return undefined
  return {
    nameKey,
    domain: domain === normalizeHost(own.host) || domain === normalizeHost(own.handleDomain) || domain === own.host ? null : domain
  }
}

/** The account of a handle as far as it is known here; erased and suspended ones too (the caller says what becomes of them). */
export async function findAccountByHandle(db: Reader, typed: string, own: OwnHosts): Promise<Account | undefined> {
  const handle = readHandle(typed, own)
  if (!handle) return undefined
  if (handle.domain === null) return findLocalAccount(db, handle.nameKey)
  const [found] = await remoteByHandle(db, { nameKey: handle.nameKey, domain: handle.domain })
  return found
}

/**
 * An account of ours by name, whatever its case. One whose sign-up still waits (for the mail to be confirmed, or for a moderator) does
 * not exist for anybody yet; the instance actor and erased accounts are found.
 */
export async function findLocalAccount(db: Reader, name: string): Promise<Account | undefined> {
  const [found] = await localByName(db, { nameKey: name.toLowerCase() })
  return found?.account
}

export async function findAccountByUri(db: Reader, uri: string): Promise<Account | undefined> {
  const [found] = await byUri(db, { uri })
  return found
}

export async function findAccount(db: Reader, id: number): Promise<Account | undefined> {
  const [found] = await byId(db, { id })
  return found
}

/** The account of an id. Refusal `missing` when there is none. */
export async function getAccount(db: Reader, id: number): Promise<Account> {
  const found = await findAccount(db, id)
  if (!found) throw new Refusal('missing', 'errors.missing')
  return found
}
