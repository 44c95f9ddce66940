/** As much of the module `sqlite3` as the other server asks for, over what Node brings: that module itself fetches a library from elsewhere. */
const { DatabaseSync } = require('node:sqlite')

const plain = (value) => (typeof value === 'boolean' ? Number(value) : value instanceof Date ? value.toISOString() : (value ?? null))

class Database {
  constructor(file, mode, done) {
    this.database = new DatabaseSync(file)
    setImmediate(() => (typeof mode === 'function' ? mode : done)?.call(this, null))
  }

  serialize(work) {
    work()
  }

  run(sql, values, done) {
    return this.ask(sql, values, done, (statement, list, outcome) => {
      const { lastInsertRowid, changes } = statement.run(...list)
      Object.assign(outcome, { lastID: Number(lastInsertRowid), changes: Number(changes) })
    })
  }

  all(sql, values, done) {
    return this.ask(sql, values, done, (statement, list) => statement.all(...list))
  }

  get(sql, values, done) {
    return this.ask(sql, values, done, (statement, list) => statement.get(...list))
  }

  exec(sql, done) {
    return this.ask(sql, [], done, () => undefined)
  }

  close(done) {
    this.database.close()
    setImmediate(() => done?.(null))
  }

  ask(sql, values, done, work) {
    if (typeof values === 'function') return this.ask(sql, [], values, work)
    const named = () => [Object.fromEntries(Object.entries(values ?? {}).map(([key, value]) => [key, plain(value)]))]
    const outcome = { sql, lastID: 0, changes: 0 }
    let fault = null
    let rows
    try {
      rows = work(this.database.prepare(sql), Array.isArray(values) ? values.map(plain) : named(), outcome)
    } catch (error) {
      fault = /constraint/i.test(error.message)
        ? Object.assign(error, { code: 'SQLITE_CONSTRAINT', message: `SQLITE_CONSTRAINT: ${error.message}` })
        : error
    }
    setImmediate(() => done?.call(outcome, fault, rows))
    return this
  }
}

const library = { Database, OPEN_READWRITE: 2, OPEN_CREATE: 4, OPEN_FULLMUTEX: 0, verbose: () => library }
module.exports = library
