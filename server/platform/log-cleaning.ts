const textCharactersMax = 1000
const stackCharactersMax = 4000
const depthMax = 5
const entriesMax = 50
const removed = '[removed]'

/** Names of fields whose values never belong in a log, wherever in an object they stand. */
const secretName = /authorization|cookie|signature|passw|passphrase|secret|token|private|csrf|session|credential/i

/** Secrets that stand inside a text: keys in PEM, values of such names in a query or form, passwords in addresses, HTTP credentials. */
const secretsInText: [RegExp, string][] = [
  [/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|$)/g, removed],
  [/([?&;\s]|^)((?:[\w-]*(?:token|password|secret|signature|csrf|session)[\w-]*|code|key|sig)=)[^&\s#"']+/gi, `$1$2${removed}`],
  [/(:\/\/)[^/\s@]+@/g, `$1${removed}@`],
  [/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${removed}`]
]

/** Control characters beyond those JSON escapes, and the ones that turn or hide text in a terminal. */
const deceiving = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

/** What the parameters of a failed query begin with in drizzle's messages; they are people's own texts, and hashes of secrets. */
const queryParameters = /\bparams: [\s\S]*?(?=\n[ \t]{1,8}at |$)/g

/** Words and numbers alone: none of the patterns could find anything in them. */
const plain = /^[\w.-]{0,64}$/

/** A text for the log: without secrets and deceiving characters, and of bounded length. */
export function cleanLogText(text: string, charactersMax = textCharactersMax): string {
  if (text.length <= charactersMax && plain.test(text)) return text
  // Cut first, with room for what a secret at the edge needs to be seen as one: the patterns must not run over megabytes.
  let clean = text.length > 2 * charactersMax ? text.slice(0, 2 * charactersMax) : text
  for (const [pattern, instead] of secretsInText) clean = clean.replace(pattern, instead)
  clean = clean.replace(deceiving, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const over = text.length - charactersMax
  return over > 0 ? `${clean.slice(0, charactersMax)}… (${text.length} characters)` : clean
}

/** The fields of one line. Requests, replies and errors keep their type here, since pino hands them to their own serializers next. */
export function cleanFields(fields: Record<string, unknown>): Record<string, unknown> {
  const clean: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) {
    const isSerialized = name === 'req' || name === 'res' || name === 'err' || name === 'error'
    clean[cleanLogText(name)] = isSerialized ? value : cleanNamed(name, value, 0)
  }
  return clean
}

/** Any value for the log, bounded in depth and width. */
export function cleanValue(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return cleanLogText(value)
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? undefined : value
  if (value instanceof Error) return cleanError(value, depth)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'no date' : value.toISOString()
  if (value instanceof URL) return cleanLogText(value.href)
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (depth >= depthMax) return '[deeper]'
  if (Array.isArray(value)) return value.slice(0, entriesMax).map((item) => cleanValue(item, depth + 1))
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return `[${prototype.constructor?.name ?? 'object'}]`
  const entries = Object.entries(value).slice(0, entriesMax)
  return Object.fromEntries(entries.map(([name, item]) => [cleanLogText(name), cleanNamed(name, item, depth + 1)]))
}

/** An error with its code and causes. Other fields of it stay out: libraries hang whole requests and queries there. */
export function cleanError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return cleanValue(error, depth + 1)
  const { name, message, stack, cause } = error
  return {
    type: cleanLogText(name),
    message: cleanLogText(message.replace(queryParameters, `params: ${removed}`)),
    code: 'code' in error ? cleanValue(error.code, depth + 1) : undefined,
    stack: stack === undefined ? undefined : cleanLogText(stack.replace(queryParameters, `params: ${removed}`), stackCharactersMax),
    cause: cause === undefined || depth >= depthMax ? undefined : cleanError(cause, depth + 1)
  }
}

function cleanNamed(name: string, value: unknown, depth: number): unknown {
  return secretName.test(name) && value !== undefined && value !== null && typeof value !== 'boolean' ? removed : cleanValue(value, depth)
}
