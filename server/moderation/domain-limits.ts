import type { Database } from '#db/database.ts'
import { domainLimits } from '#db/schema/moderation.ts'
import { cachedUntilSignal } from '#server/platform/cached.ts'

export type DomainSeverity = 'suspend' | 'silence'

export const limitsTopic = 'domain-limits'

/** The limits set on domains, cached; another process's change shows within a second. */
export interface DomainLimits {
  /** The hardest limit that holds for a host (normalised, with or without a port), its parent domains included. */
  of(host: string): Promise<DomainSeverity | undefined>
  isSuspended(host: string): Promise<boolean>
}

export function createDomainLimits(database: Database): DomainLimits {
  async function load() {
    const rows = await database.reader.select({ domain: domainLimits.domain, severity: domainLimits.severity }).from(domainLimits)
    return new Map(rows.map((row) => [row.domain, row.severity]))
  }
  const all = cachedUntilSignal(database, limitsTopic, load)

  async function of(host: string): Promise<DomainSeverity | undefined> {
    const limits = await all()
    if (limits.size === 0) return undefined
    let found = limits.get(host)
    // A block of a name without a port holds for every port, and for every name below it.
    for (let name: string | undefined = host.replace(/:\d+$/, ''); name && found !== 'suspend'; name = parentOf(name)) {
      const limit = limits.get(name)
      if (limit) found = limit === 'suspend' ? limit : (found ?? limit)
    }
    return found
  }

  return { of, isSuspended: async (host) => (await of(host)) === 'suspend' }
}

function parentOf(name: string): string | undefined {
  const dot = name.indexOf('.')
  return dot < 0 ? undefined : name.slice(dot + 1)
}
