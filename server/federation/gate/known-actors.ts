import { LRUCache } from 'lru-cache'
import { findAccountByUri } from '#server/accounts/find-account.ts'
import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { findKeys, type KeyRow } from '#server/peers/signing-keys.ts'

/** Actors remembered; each takes some kB. */
const keptMax = 2_000

/** An actor we have met, with its keys. */
export interface KnownActor {
  account: Account
  keys: readonly KeyRow[]
  /** It was read a while ago: whoever acts on its word holds it against the table first, in the transaction of the act. */
  isKept: boolean
}

/** What was remembered of an actor is no longer so: what it said is looked at again, with what stands now. */
export class StaleActor extends Error {
  override readonly name = 'StaleActor'
}

export interface KnownActors {
  /** As remembered, when there is something and `mayBeKept`; else as it stands. Undefined for somebody never met. */
  find(uri: string, mayBeKept: boolean): Promise<KnownActor | undefined>
}

/**
 * Remembers those who write often, since to ask a database that has just been written to costs more than to verify a signature. Nothing tells it of changes, in this
 * process or another: the transaction of each act checks that what was remembered still holds (peers/standing.ts) and throws StaleActor when not. Only
 * whoever nothing is held against is remembered, or somebody let free again might be passed over without any transaction.
 */
export function createKnownActors(ctx: Context): KnownActors {
  const kept = new LRUCache<string, KnownActor>({ max: keptMax })

  async function read(uri: string): Promise<KnownActor | undefined> {
    const account = await findAccountByUri(ctx.db, uri)
    if (!account) return undefined
    return { account, keys: await findKeys(ctx.db, account.id), isKept: false }
  }

  return {
    async find(uri, mayBeKept) {
      const remembered = mayBeKept ? kept.get(uri) : undefined
      if (remembered) return remembered
      const found = await read(uri)
      if (found && isPlain(found)) kept.set(uri, { ...found, isKept: true })
      else kept.delete(uri)
      return found
    }
  }
}

function isPlain({ account, keys }: KnownActor): boolean {
  const { domain, suspendedAt, silencedAt, domainSeverity, deletedAt } = account
  return domain !== null && keys.length > 0 && suspendedAt === null && silencedAt === null && domainSeverity === null && deletedAt === null
}
