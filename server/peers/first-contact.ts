import { eq, type SQL, sql } from 'drizzle-orm'
import { prepare, type Reader } from '#db/reader.ts'
import { peers } from '#db/schema/peers.ts'
import type { Context } from '#server/context.ts'

/**
 * How servers are met that were never heard of. `off`: like everybody else. `requests`: mentions by people there wait apart from other
 * notifications. `hold`: what they send is put by until they are strangers no more.
 */
export type FirstContactMode = 'off' | 'requests' | 'hold'
export const firstContactModes = ['off', 'requests', 'hold'] as const

export interface FirstContact {
  mode: FirstContactMode
  /** Days after which a server is no stranger any more. */
  days: number
  /** So many new servers of one registrable domain are met in an hour, whatever the mode. */
  newHostsPerHour: number
}

export const firstContactByDefault: FirstContact = { mode: 'off', days: 7, newHostsPerHour: 30 }
export const firstContactDaysLimit = { min: 1, max: 365 }
export const newHostsLimit = { min: 1, max: 10_000 }

const dayMs = 24 * 60 * 60_000
/** A moment that no server can have been met after. */
const never = 8_640_000_000_000_000

export async function firstContact(ctx: Pick<Context, 'settings'>): Promise<FirstContact> {
  const { firstContact: said } = await ctx.settings.get()
  return { ...firstContactByDefault, ...said }
}

/** Servers first met after this moment (ms) are strangers; beyond all times when nobody is. */
export async function strangersSince(ctx: Pick<Context, 'settings' | 'clock'>): Promise<number> {
  const { mode, days } = await firstContact(ctx)
  return mode === 'off' ? never : ctx.clock.now() - days * dayMs
}

const metOf = prepare((db: Reader) =>
  db
    .select({ firstSeenAt: peers.firstSeenAt, trustedAt: peers.trustedAt })
    .from(peers)
    .where(eq(peers.host, sql.placeholder('host')))
)

/** Whether something was exchanged with a host before. */
export async function hasMet(db: Reader, host: string): Promise<boolean> {
  return (await metOf(db, { host })).length > 0
}

/** Whether a host counts as a stranger: never met, or first met after `since` and not trusted before its time. */
export async function isStranger(db: Reader, host: string, since: number): Promise<boolean> {
  const [met] = await metOf(db, { host })
  return met === undefined || (met.trustedAt === null && met.firstSeenAt > since)
}

/** The same of the server of an account, in SQL; `since` as of strangersSince. Nobody of ours is a stranger. */
export function isOfStranger(accountId: SQL, since: SQL): SQL {
  return sql`((select 1 from accounts c join peers p on p.host = c.host where c.id = ${accountId} and p.trusted_at is null and p.first_seen_at > ${since}) is not null)`
}
