import { TZDateMini } from '@date-fns/tz'

/** As a field of type datetime-local writes it; browsers leave the seconds out, programs may not. */
const localTime = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::\d{2}(?:\.\d{1,3})?)?$/

/**
 * The moment (ms since 1970) that a wall clock of this zone (IANA) shows as "2026-12-24T18:00"; undefined for what is no such time. An hour that the clock skips is
 * the one after it, of an hour that it shows twice the first is meant. Pure.
 */
export function readLocalTime(text: string, timeZone: string): number | undefined {
  const read = localTime.exec(text)
  if (!read) return undefined
  const [year, month, day, hour, minute] = read.slice(1).map(Number) as [number, number, number, number, number]
  const isTime = month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month) && hour < 24 && minute < 60
  if (!isTime || year < 1970) return undefined
  return new TZDateMini(year, month - 1, day, hour, minute, timeZone).getTime()
}

/** A moment as a wall clock of this zone shows it, "2026-12-24T18:00". Pure. */
export function writeLocalTime(at: number, timeZone: string): string {
  const moment = new TZDateMini(at, timeZone)
  const two = (number: number) => String(number).padStart(2, '0')
  const day = [String(moment.getFullYear()).padStart(4, '0'), two(moment.getMonth() + 1), two(moment.getDate())].join('-')
  return `${day}T${two(moment.getHours())}:${two(moment.getMinutes())}`
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate()
}
