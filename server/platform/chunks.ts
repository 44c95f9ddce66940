/** Rows and ids that one statement takes: each is a parameter, of which SQLite and PostgreSQL take some ten thousands. */
const perStatementMax = 500

/** A list in parts, each for one statement; none of an empty one. Pure. */
export function chunksOf<T>(list: readonly T[], size = perStatementMax): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, at) => list.slice(at * size, (at + 1) * size))
}
