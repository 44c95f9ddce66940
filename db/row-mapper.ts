import { Column, getTableName, is, SQL, Subquery } from 'drizzle-orm'

/** What a prepared query of drizzle knows of a column it selects. */
interface Field {
  path: string[]
  field: unknown
}

interface Decoder {
  mapFromDriverValue(value: unknown): unknown
}

interface Place {
  /** Object within the row that holds the value; undefined for the row itself. */
  group: string | undefined
  name: string
  /** Undefined for values that stay as they come. */
  decode: ((value: unknown) => unknown) | undefined
  /** The first value of an outer-joined table: when it is null, so is the group. */
  decidesGroup: boolean
}

type Mapper = (rows: readonly unknown[][]) => Record<string, unknown>[]

/** A prepared query of drizzle's, with the parts it has beyond its type. */
interface Mapped {
  fields?: Field[]
  joinsNotNullableMap?: Record<string, boolean>
  customResultMapper?: Mapper
}

const asItComes = Column.prototype.mapFromDriverValue

/**
 * Gives a prepared query a mapper of its rows that was worked out once: drizzle asks of every value of every row what kind of column it belongs
 * to, which costs several times the reading. Nothing happens to queries of another shape, whose rows drizzle maps as ever.
 */
export function mapRowsQuickly(prepared: object): void {
  const query = prepared as Mapped
  if (!query.fields || query.customResultMapper) return
  const places = placesOf(query.fields, query.joinsNotNullableMap)
  if (places) query.customResultMapper = mapperOf(places)
}

function placesOf(fields: readonly Field[], joins: Mapped['joinsNotNullableMap']): Place[] | undefined {
  const places: Place[] = []
  for (const [position, { path, field }] of fields.entries()) {
    const name = path.at(-1)
    const decoder = decoderOf(field)
    if (name === undefined || path.length > 2 || !decoder) return undefined
    const group = path.length === 2 ? path[0] : undefined
    const decode = decoder.mapFromDriverValue === asItComes ? undefined : (value: unknown) => decoder.mapFromDriverValue(value)
    places.push({ group, name, decode, decidesGroup: group !== undefined && mayGroupBeNull(fields, position, group, joins) })
  }
  return places
}

function decoderOf(field: unknown): Decoder | undefined {
  if (is(field, Column)) return field
  if (is(field, SQL)) return (field as unknown as { decoder: Decoder }).decoder
  if (is(field, Subquery)) return undefined
  return (field as { sql?: { decoder?: Decoder } }).sql?.decoder
}

/** drizzle's own rule: a group of columns of one table that was joined from outside, decided by the first of them. */
function mayGroupBeNull(fields: readonly Field[], position: number, group: string, joins: Mapped['joinsNotNullableMap']): boolean {
  const columns = fields.flatMap(({ path, field }, at) =>
    path.length === 2 && path[0] === group && is(field, Column) ? [{ at, table: getTableName(field.table) }] : []
  )
  const [first] = columns
  return joins !== undefined && first?.at === position && columns.every(({ table }) => table === first.table) && !joins[first.table]
}

function mapperOf(places: readonly Place[]): Mapper {
  const isFlat = places.every(({ group }) => group === undefined)
  return isFlat ? (rows) => rows.map((row) => mapFlat(places, row)) : (rows) => rows.map((row) => mapGrouped(places, row))
}

function mapFlat(places: readonly Place[], row: readonly unknown[]): Record<string, unknown> {
  const mapped: Record<string, unknown> = {}
  for (let at = 0; at < places.length; at += 1) {
    const { name, decode } = places[at] as Place
    const value = row[at]
    mapped[name] = value === null || decode === undefined ? value : decode(value)
  }
  return mapped
}

function mapGrouped(places: readonly Place[], row: readonly unknown[]): Record<string, unknown> {
  const mapped: Record<string, Record<string, unknown> | unknown> = {}
  const missing: string[] = []
  for (let at = 0; at < places.length; at += 1) {
    const { group, name, decode, decidesGroup } = places[at] as Place
    const raw = row[at]
    const value = raw === null || decode === undefined ? raw : decode(raw)
    if (group === undefined) mapped[name] = value
    else {
      mapped[group] ??= {}
      const inner = mapped[group] as Record<string, unknown>
      inner[name] = value
      if (decidesGroup && value === null) missing.push(group)
    }
  }
  for (const group of missing) mapped[group] = null
  return mapped
}
