import { FormRefusal, isPlainError, Refusal, textValuesOf } from '#server/errors.ts'
import type { Translate } from '#server/platform/messages.ts'

/** One sentence about what went wrong, with the remedy where there is one. A bug keeps its stack: somebody will want to report it. */
export function sentenceOf(error: unknown, t: Translate): string {
  if (error instanceof Refusal) return sentenceOfRefusal(error, t)
  if (!(error instanceof Error)) return String(error)
  if (isPlainError(error)) return error.message
  const cause = rootOf(error)
  const { code = '', syscall } = cause as NodeJS.ErrnoException
  if (code.startsWith('SQLITE_')) return t('command.sqliteFails', { why: cause.message })
  // PostgreSQL's own codes have five characters; what the network says comes with a system call.
  if (/^[0-9A-Z]{5}$/.test(code) && 'severity' in cause) return t('command.postgresFails', { why: cause.message })
  if (syscall !== undefined) return t('command.systemFails', { why: cause.message || code })
  return error.stack ?? error.message
}

function sentenceOfRefusal(refusal: Refusal, t: Translate): string {
  if (refusal instanceof FormRefusal) return refusal.fields.map((each) => sentenceOfRefusal(each, t)).join('\n')
  const sentence = t(refusal.key, textValuesOf(refusal))
  return refusal.field === undefined ? sentence : `${refusal.field}: ${sentence}`
}

/** The innermost cause: drizzle wraps what the drivers say, and a connection that failed on every address says so of each. */
function rootOf(error: Error): Error {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return rootOf(error.errors[0])
  return error.cause instanceof Error && error.name !== 'Refusal' ? rootOf(error.cause) : error
}
