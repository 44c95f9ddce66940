import type { Database } from '#db/database.ts'
import { domainLimits } from '#db/schema/moderation.ts'
import { cachedUntilSignal } from '#server/platform/cached.ts'
import { domainsAround } from '#server/platform/host-names.ts'

export type DomainSeverity = 'suspend' | 'silence'

export const limitsTopic = 'domain-limits'
/** As much of a typed domain as a refusal repeats. */
export const domainCharactersShown = 100

/** The limits set on domains, cached; another process's change shows within a second. */
export interface DomainLimits {
  /** The hardest limit that holds for a host (normalised, with or without a port), its parent domains included. */
  of(host: string): Promise<DomainSeverity | undefined>
  isSuspended(host: string): Promise<boolean>
  /** Whether a host is none of those that are spoken with, where only some are. It counts as suspended. */
  isOutside(host: string): boolean
}

/** `onlyWith`: domains that alone are spoken with, ourselves among them; empty for everybody. */
export function createDomainLimits(database: Database, onlyWith: readonly string[] = []): DomainLimits {
  async function load() {
    const rows = await database.reader.select({ domain: domainLimits.domain, severity: domainLimits.severity }).from(domainLimits)
    return new Map(rows.map((row) => [row.domain, row.severity]))
  }
  const all = cachedUntilSignal(database, limitsTopic, load)
  const isOutside = (host: string) => onlyWith.length > 0 && !domainsAround(host).some((domain) => onlyWith.includes(domain))
  const of = async (host: string) => (isOutside(host) ? 'suspend' : hardestLimit(await all(), host))

  return { of, isSuspended: async (host) => (await of(host)) === 'suspend', isOutside }
}

/** The hardest of the limits (by domain) that hold for a host: of a domain without a port for every port, and for every name below it. Pure. */
export function hardestLimit(limits: ReadonlyMap<string, DomainSeverity>, host: string): DomainSeverity | undefined {
  if (limits.size === 0) return undefined
  const found = domainsAround(host).map((domain) => limits.get(domain))
  return found.includes('suspend') ? 'suspend' : found.find((limit) => limit !== undefined)
}
