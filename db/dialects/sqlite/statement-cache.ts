import type { Database, Statement } from 'better-sqlite3'
import { LRUCache } from 'lru-cache'

const statementsMax = 500

/**
 * The same connection, whose `prepare` remembers statements by their text: SQLite compiles a query in tens of microseconds, more than most of
 * ours take to run, and a builder that writes the same text again gets the compiled one. Raw and plain reading are two statements, since
 * better-sqlite3 makes that a lasting property of one.
 */
export function cacheStatements(connection: Database): Database {
  const cached = new LRUCache<string, CachedStatement>({ max: statementsMax })
  function prepare(text: string): CachedStatement {
    let statement = cached.get(text)
    if (!statement) cached.set(text, (statement = new CachedStatement(connection, text)))
    return statement
  }
  return new Proxy(connection, {
    get(target, name) {
      if (name === 'prepare') return prepare
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    }
  })
}

class CachedStatement {
  readonly #plain: Statement
  readonly #connection: Database
  #raw: Statement | undefined

  constructor(connection: Database, text: string) {
    this.#connection = connection
    this.#plain = connection.prepare(withSteadyPlan(text))
  }

  run(...values: unknown[]) {
    return this.#plain.run(...values)
  }

  all(...values: unknown[]) {
    return this.#plain.all(...values)
  }

  get(...values: unknown[]) {
    return this.#plain.get(...values)
  }

  raw(): Statement {
    this.#raw ??= this.#connection.prepare(this.#plain.source).raw()
    return this.#raw
  }
}

/** Values written by an insert decide about no plan. */
const isPlanned = /^\s*(?:select|with|update|delete)\b/i
const quotedOrPlaceholder = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--.*|\/\*[\s\S]*?\*\/|\?/g

/**
 * Hides values from SQLite's planner. It looks at those that stand bare in comparisons and limits, and then compiles the statement anew at each run, since
 * another value might deserve another plan: 100 to 500 µs, every time. An expression it does not look into; indexes serve it all the same.
 */
export function withSteadyPlan(text: string): string {
  if (!isPlanned.test(text)) return text
  return text.replace(quotedOrPlaceholder, (part) => (part === '?' ? 'coalesce(?, null)' : part))
}
