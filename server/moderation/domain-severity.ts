import { and, eq, inArray, isNull, or, sql } from 'drizzle-orm'
import type { Reader, Tx } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { domainLimits } from '#db/schema/moderation.ts'
import type { Context } from '#server/context.ts'
import { type DomainSeverity, hardestLimit } from '#server/moderation/domain-limits.ts'
import { chunksOf } from '#server/platform/chunks.ts'
import { domainsAround, isWithinDomain } from '#server/platform/host-names.ts'

/** Names in one query, below what either database takes as parameters. */

/** Where an account belongs: the domain of its handle and the host of its actor. Null for ours. */
export interface Belonging {
  domain: string | null
  host: string | null
}

/** The hardest limit that holds for an account, as its column `domainSeverity` is to say; null for none. */
export async function severityFor(db: Reader, { domain, host }: Belonging): Promise<DomainSeverity | null> {
  const around = [...new Set([domain, host].flatMap((name) => (name === null ? [] : domainsAround(name))))]
  if (around.length === 0) return null
  const rows = await db
    .select({ domain: domainLimits.domain, severity: domainLimits.severity })
    .from(domainLimits)
    .where(inArray(domainLimits.domain, around))
  return hardestOf(new Map(rows.map((row) => [row.domain, row.severity])), { domain, host })
}

/**
 * Makes the column true for every account within a domain, whose limit was set, changed or lifted in the same transaction: queries of
 * posts and people read it in place of a comparison with every limit there is.
 */
export async function refreshDomainSeverity(tx: Tx, domain: string): Promise<void> {
  const rows = await tx.select({ domain: domainLimits.domain, severity: domainLimits.severity }).from(domainLimits)
  const limits = new Map(rows.map((row) => [row.domain, row.severity]))
  const known = new Set([...(await distinctNames(tx, 'domain')), ...(await distinctNames(tx, 'host'))])
  const names = [...known].filter((name) => isWithinDomain(name, domain))
  for (const some of chunksOf(names)) {
    const places = await tx
      .selectDistinct({ domain: accounts.domain, host: accounts.host })
      .from(accounts)
      .where(or(inArray(accounts.domain, some), inArray(accounts.host, some)))
    for (const place of places) {
      const severity = hardestOf(limits, place)
      const isThere = and(isOrNull(accounts.domain, place.domain), isOrNull(accounts.host, place.host))
      await tx
        .update(accounts)
        .set({ domainSeverity: severity })
        .where(and(isThere, sql`${accounts.domainSeverity} is distinct from ${severity}`))
    }
  }
}

/** Later reaction to a limit set or lifted: an actor that was being written at that very moment may have missed it. */
export async function settleDomainSeverity(ctx: Context, { domain }: { domain: string }): Promise<void> {
  await ctx.transact((tx) => refreshDomainSeverity(tx, domain))
}

function hardestOf(limits: ReadonlyMap<string, DomainSeverity>, { domain, host }: Belonging): DomainSeverity | null {
  const found = [domain, host].map((name) => (name === null ? undefined : hardestLimit(limits, name)))
  return found.includes('suspend') ? 'suspend' : (found.find((limit) => limit !== undefined) ?? null)
}

/** Every name once, hopping from one to the next in the index: many accounts share few hosts. */
async function distinctNames(db: Reader, column: 'domain' | 'host'): Promise<string[]> {
  const name = sql.raw(column)
  const rows = await db.rows(sql`
    with recursive names(name) as (
      select min(${name}) from ${accounts} where ${name} is not null
      union all select (select min(${name}) from ${accounts} where ${name} > names.name) from names where names.name is not null)
    select name from names where name is not null`)
  return rows.map((row) => String(row.name))
}

function isOrNull(column: typeof accounts.domain | typeof accounts.host, value: string | null) {
  return value === null ? isNull(column) : eq(column, value)
}
