/** How old a signed request may be, and how far our clocks may stand apart. */
export const ageMsMax = 12 * 60 * 60_000

/** Names of days and months, an optional zone: RFC 9110 section 5.6.7 as servers write it. */
const httpDate = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*, \d{1,2}[ -][A-Z][a-z]{2}[ -]\d{2,4} \d{2}:\d{2}:\d{2} (?:GMT|UTC|[+-]\d{4})$/

/** A Date header as ms since 1970; undefined when it is no HTTP date. */
export function readHttpDate(header: string): number | undefined {
  if (!httpDate.test(header)) return undefined
  const at = Date.parse(header)
  return Number.isNaN(at) ? undefined : at
}

/** Whether a moment (ms since 1970) lies within 12 hours of now, on either side. */
export function isWithinWindow(at: number, now: number): boolean {
  return Math.abs(now - at) <= ageMsMax
}
