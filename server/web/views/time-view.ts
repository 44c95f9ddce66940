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

/** Dresses a moment for a reader; `now` comes from the Context's clock, so that tests can hold it. */
export function toTimeView(at: Date, now: Date, reader: TimeReader): TimeView {
  const format = formatsFor(reader)
  const [day, today] = [format.calendar.format(at), format.calendar.format(now)]
  const isThisYear = day.slice(0, 'yyyy'.length) === today.slice(0, 'yyyy'.length)
  const short = day === today ? format.time : isThisYear ? format.day : format.date
  return {
    iso: at.toISOString(),
    text: short.format(at),
    full: format.full.format(at),
    date: format.dayAlone.format(at),
    relative: relativeText(at, now, format.relative)
  }
}

function relativeText(at: Date, now: Date, format: Intl.RelativeTimeFormat): string {
  const agoMs = Math.max(0, now.getTime() - at.getTime())
  if (agoMs < minuteMs) return format.format(0, 'second')
  if (agoMs < hourMs) return format.format(-Math.floor(agoMs / minuteMs), 'minute')
  if (agoMs < dayMs) return format.format(-Math.floor(agoMs / hourMs), 'hour')
  if (agoMs < 30 * dayMs) return format.format(-Math.floor(agoMs / dayMs), 'day')
  if (agoMs < 365 * dayMs) return format.format(-Math.floor(agoMs / (30 * dayMs)), 'month')
  return format.format(-Math.floor(agoMs / (365 * dayMs)), 'year')
}

/** Formatters are dear to make (tens of microseconds) and cheap to keep: one set for each language and zone. */
function formatsFor({ language, timeZone }: TimeReader): ReturnType<typeof makeFormats> {
  const key = `${language} ${timeZone}`
  const known = formats.get(key)
  if (known) return known
  const made = makeFormats(dateLanguages[language] ?? language, timeZone)
  formats.set(key, made)
  return made
}

function makeFormats(language: string, timeZone: string) {
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone } as const
  return {
    time: new Intl.DateTimeFormat(language, clock),
    day: new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', ...clock }),
    date: new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', year: 'numeric', ...clock }),
    full: new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'short', hourCycle: 'h23', timeZone }),
    dayAlone: new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', year: 'numeric', timeZone }),
    // Swedish writes dates as yyyy-mm-dd, which compares.
    calendar: new Intl.DateTimeFormat('sv', { dateStyle: 'short', timeZone }),
    relative: new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' })
  }
}
