import { readHttpDate } from '#server/federation/gate/date-window.ts'
import { hostOf, plainHostOf } from '#server/platform/host-names.ts'
import { cleanText } from '#server/platform/clean-text.ts'

/** What lies beyond is cut off: recipients, tags, attachments, fields. */
export const listMax = 200
const urlCharactersMax = 2_048
const msBefore = 100_000_000_000

const isoDate = /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2}(?::\d{2})?)(?:\.(\d{1,9}))?\s*(Z|z|UTC|[+-]\d{2}:?\d{2})?)?$/

export type Json = Record<string, unknown>

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** One value or a list of them, as a list: what is null is not there. */
export function listOf(value: unknown): unknown[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) return [value]
  return value.filter((each) => each !== undefined && each !== null).slice(0, listMax)
}

/** A text, also where JSON-LD gives it as `{"@value": …}` or in a list. */
export function textOf(value: unknown): string {
  // Nearly all that is asked for is one of these: a list would be made for nothing, a dozen times a post.
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return cleanText(value)
  const [first] = listOf(value)
  const text = isRecord(first) ? first['@value'] : first
  return typeof text === 'string' ? cleanText(text) : ''
}

/** An http(s) URL as it came, byte for byte; undefined for anything else, and for what no database keeps (half of a surrogate pair). */
export function urlOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '' || value.length > urlCharactersMax || /[\s\p{Cc}\p{Cs}]/u.test(value)) return undefined
  if (plainHostOf(value) !== undefined) return value
  const url = URL.parse(value)
  if (url === null || url.username !== '' || url.password !== '' || hostOf(url) === undefined) return undefined
  return value
}

/** The id of what may be an id or an object that has one. */
export function idOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return urlOf(value)
  const [first] = listOf(value)
  return urlOf(isRecord(first) ? (first.id ?? first['@id']) : first)
}

export function idsOf(value: unknown): string[] {
  if (value === undefined) return []
  return [
    ...new Set(
      listOf(value)
        .map(idOf)
        .filter((id) => id !== undefined)
    )
  ]
}

export function flagOf(value: unknown): boolean {
  return value === true || value === 'true'
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

/** A moment in ms since 1970, from ISO 8601, RFC 1123, or a number of seconds or ms; undefined for nonsense. A date without a zone is UTC. */
export function dateOf(value: unknown): number | undefined {
  const [first] = listOf(value)
  const date = isRecord(first) ? first['@value'] : first
  if (typeof date === 'number') return momentOf(date < msBefore ? date * 1000 : date)
  if (typeof date !== 'string') return undefined
  const text = separated(date.trim())
  const [, day, clock = '00:00', fraction = '0', zone = 'Z'] = isoDate.exec(text) ?? []
  if (day === undefined) return readHttpDate(text)
  const offset = /^(?:Z|z|UTC)$/.test(zone) ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(-2)}`
  return momentOf(Date.parse(`${day}T${clock.length === 5 ? `${clock}:00` : clock}.${fraction.slice(0, 3)}${offset}`))
}

/** The basic form of ISO 8601 (`20260901T100000Z`) with its separators, and a date without the name of its zone in brackets (RFC 9557). */
function separated(date: string): string {
  return date.replace(/\[[^[\]]{1,64}\]$/, '').replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)/, '$1-$2-$3T$4:$5:$6')
}

function momentOf(at: number): number | undefined {
  return Number.isFinite(at) && Math.abs(at) < 8.64e15 ? Math.trunc(at) : undefined
}
