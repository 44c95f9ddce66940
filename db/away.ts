/** SQLite: locked for longer than we wait, a full disk, a disk that fails. PostgreSQL: connections (08), room (53), shutting down or starting up (57P). */
const sqliteCodes = /^SQLITE_(BUSY|FULL|IOERR|CANTOPEN)/
const postgresCodes = /^(08...|53...|57P0[1-5])$/
const socketCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN', 'ENOTFOUND'])
/** The PostgreSQL driver gives these no code. */
const driverWords = /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/
const causesMax = 5

/**
 * Whether an error says that the database cannot be used for the moment: nothing is wrong with what was asked, nothing of it was written or the
 * connection broke before we heard, and it may be asked again.
 */
export function isDatabaseAway(error: unknown): boolean {
  let cause = error
  for (let depth = 0; depth < causesMax && cause instanceof Error; depth++) {
    const { code = '', syscall } = cause as { code?: unknown; syscall?: unknown }
    const text = String(code)
    if (sqliteCodes.test(text) || postgresCodes.test(text) || driverWords.test(cause.message)) return true
    // Any socket may be refused; one of the database's is asked for under its driver's wrapping, or by itself.
    if (socketCodes.has(text) && syscall !== undefined) return true
    cause = cause.cause
  }
  return false
}
