import { is, Param, Placeholder } from 'drizzle-orm'

type Fill = (values: Record<string, unknown>) => unknown
type Rows = readonly unknown[][]

/** A prepared query of drizzle's on SQLite, with the parts it has beyond its type. */
interface Prepared {
  mode?: string
  executeMethod?: string
  query?: { params: unknown[] }
  fields?: unknown
  customResultMapper?: (rows: Rows) => unknown
  stmt?: { run(...values: unknown[]): unknown; all(...values: unknown[]): unknown; raw(): { all(...values: unknown[]): unknown } }
}

/**
 * A prepared query as a plain function, its placeholders sorted out once: drizzle asks of each parameter at each run what it is, and wraps the answer in a
 * promise, which together costs about as much as the query. Undefined for queries of another shape, which run as ever.
 */
export function quickQuery(prepared: object): ((values: Record<string, unknown>) => unknown) | undefined {
  const { mode, executeMethod, query, fields, customResultMapper: map, stmt } = prepared as Prepared
  if (mode !== 'sync' || !query || !stmt) return undefined
  const fills = query.params.map(fillOf)
  const filled = (values: Record<string, unknown>) => {
    const params = new Array<unknown>(fills.length)
    for (let place = 0; place < fills.length; place += 1) params[place] = (fills[place] as Fill)(values)
    return params
  }
  if (executeMethod === 'run') return (values) => stmt.run(...filled(values))
  if (executeMethod !== 'all') return undefined
  if (map) return (values) => map(stmt.raw().all(...filled(values)) as Rows)
  return fields ? undefined : (values) => stmt.all(...filled(values))
}

function fillOf(param: unknown): Fill {
  if (is(param, Placeholder)) return (values) => filling(values, param.name)
  if (is(param, Param) && is(param.value, Placeholder)) {
    const { encoder } = param
    const { name } = param.value
    return (values) => encoder.mapToDriverValue(filling(values, name))
  }
  return () => param
}

function filling(values: Record<string, unknown>, name: string): unknown {
  const value = values[name]
  if (value === undefined && !(name in values)) throw new Error(`No value for placeholder "${name}" was provided`)
  return value
}
