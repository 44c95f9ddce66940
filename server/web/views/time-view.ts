import { Kept } from '#server/platform/kept.ts'

/** A moment as a template shows it. */
export interface TimeView {
  /** ISO 8601 in UTC, for the `datetime` attribute. */
  iso: string
  /** Absolute and readable in the reader's zone: "14:05" today, "23 Nov, 14:05" this year, "23 Nov 2024, 14:05" before. */
  text: string
  /** Absolute with weekday and year, for the focused post: "Monday, 23 November 2026 at 14:05". */
  full: string
  /** The day alone, "23 Nov 2024". */
  date: string
  /** Relative and short: "3 min ago", "yesterday"; absolute text is always beside it, so it may grow stale. */
  relative: string
}

/** The language and zone a person reads times in; a `Translate` has both. */
interface TimeReader {
  language: string
  timeZone: string
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
/** Plain English puts the day first, as most who read it here do. */
const dateLanguages: Record<string, string> = { en: 'en-GB' }
const formats = new Map<string, ReturnType<typeof makeFormats>>()
/** A moment is shown again and again, and formatting it five times over costs more than all else of a post's view. */
const momentsMax = 20_000
const moments = new Kept<Moment>(momentsMax)
/** Days begin at whole quarters of an hour, whatever the zone. */
const quarterMs = 15 * minuteMs

/** What of a moment stays the same whenever it is looked at. */
interface Moment {
  iso: string
  /** yyyy-mm-dd. */
  day: string
  full: string
  date: string
  /** As it reads on its own day, in its own year, and later; each made when it is needed. */
  texts: { time?: string; day?: string; date?: string }
}

/** Dresses a moment for a reader; `now` comes from the Context's clock, so that tests can hold it. */
export function toTimeView(at: Date, now: Date, reader: TimeReader): TimeView {
  const format = formatsFor(reader)
  const atMs = at.getTime()
  const moment = momentOf(at, atMs, format)
  const today = todayOf(now, format)
  const isThisYear = moment.day.slice(0, 'yyyy'.length) === today.slice(0, 'yyyy'.length)
  const kind = moment.day === today ? 'time' : isThisYear ? 'day' : 'date'
  const text = (moment.texts[kind] ??= format[kind].format(at))
  return { iso: moment.iso, text, full: moment.full, date: moment.date, relative: relativeText(now.getTime() - atMs, format.relative) }
}

function momentOf(at: Date, atMs: number, { key, calendar, full, dayAlone }: ReturnType<typeof makeFormats>): Moment {
  const momentKey = `${atMs} ${key}`
  return (
    moments.find(momentKey) ??
    moments.keep(momentKey, {
      iso: at.toISOString(),
      day: calendar.format(at),
      full: full.format(at),
      date: dayAlone.format(at),
      texts: {}
    })
  )
}

function todayOf(now: Date, format: ReturnType<typeof makeFormats>): string {
  const quarter = Math.floor(now.getTime() / quarterMs)
  if (format.today.quarter !== quarter) format.today = { quarter, day: format.calendar.format(now) }
  return format.today.day
}

function relativeText(ago: number, format: (count: number, unit: Intl.RelativeTimeFormatUnit) => string): string {
  const agoMs = Math.max(0, ago)
  if (agoMs < minuteMs) return format(0, 'second')
  if (agoMs < hourMs) return format(-Math.floor(agoMs / minuteMs), 'minute')
  if (agoMs < dayMs) return format(-Math.floor(agoMs / hourMs), 'hour')
  if (agoMs < 30 * dayMs) return format(-Math.floor(agoMs / dayMs), 'day')
  if (agoMs < 365 * dayMs) return format(-Math.floor(agoMs / (30 * dayMs)), 'month')
  return format(-Math.floor(agoMs / (365 * dayMs)), 'year')
}

/** Formatters are dear to make (tens of microseconds) and cheap to keep: one set for each language and zone. */
function formatsFor({ language, timeZone }: TimeReader): ReturnType<typeof makeFormats> {
  const key = `${language} ${timeZone}`
  const known = formats.get(key)
  if (known) return known
  const made = makeFormats(key, dateLanguages[language] ?? language, timeZone)
  formats.set(key, made)
  return made
}

function makeFormats(key: string, language: string, timeZone: string) {
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone } as const
  return {
    key,
    today: { quarter: Number.NaN, day: '' },
    time: new Intl.DateTimeFormat(language, clock),
    day: new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', ...clock }),
    date: new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', year: 'numeric', ...clock }),
    full: new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'short', hourCycle: 'h23', timeZone }),
    dayAlone: new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', year: 'numeric', timeZone }),
    // Swedish writes dates as yyyy-mm-dd, which compares.
    calendar: new Intl.DateTimeFormat('sv', { dateStyle: 'short', timeZone }),
    relative: relativeIn(language)
  }
}

/** There are no more than a few hundred ways to say how long ago something was, but for years. */
function relativeIn(language: string): (count: number, unit: Intl.RelativeTimeFormatUnit) => string {
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' })
  const said = new Kept<string>(1_000)
  return (count, unit) => {
    const key = `${count} ${unit}`
    return said.find(key) ?? said.keep(key, format.format(count, unit))
  }
}
