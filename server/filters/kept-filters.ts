import type { Reader } from '#db/reader.ts'
import type { Person } from '#server/accounts/who.ts'
import { type CompiledFilters, compileFilters } from '#server/filters/compile-filters.ts'
import { listFilters } from '#server/filters/find-filters.ts'

/** People whose filters are kept compiled, those last asked for. */
const peopleMax = 200

interface Kept {
  version: number
  filters: Promise<CompiledFilters>
}

const keptOf = new WeakMap<object, Map<number, Kept>>()

/**
 * Somebody's filters, compiled once for each of their versions: the version comes with the person at each request, so that a change counts at once in every
 * process. Undefined for whoever never had one, which costs nothing.
 */
export function filtersOf(db: Reader, { account, user }: Person): Promise<CompiledFilters> | undefined {
  if (user.filtersVersion === 0) return undefined
  let people = keptOf.get(db.connection)
  if (!people) keptOf.set(db.connection, (people = new Map()))
  const known = people.get(account.id)
  people.delete(account.id)
  const kept = known?.version === user.filtersVersion ? known : { version: user.filtersVersion, filters: load(db, account.id) }
  people.set(account.id, kept)
  // What could not be read is not kept.
  if (kept !== known) kept.filters.catch(() => people.delete(account.id))
  for (const oldest of people.keys()) {
    if (people.size <= peopleMax) break
    people.delete(oldest)
  }
  return kept.filters
}

async function load(db: Reader, accountId: number): Promise<CompiledFilters> {
  return compileFilters(await listFilters(db, accountId))
}
