/** A peer may ask for less patience than a day, not for more. */
export const retryAfterMsMax = 24 * 60 * 60 * 1_000

/**
 * The wait (ms) that a `Retry-After` header asks for (RFC 9110, section 10.2.3): seconds or a date, a day at most. Undefined
 * when it is absent, in the past, or neither.
 */
export function readRetryAfter(header: string | string[] | undefined, now: number): number | undefined {
  if (typeof header !== 'string') return undefined
  const text = header.trim()
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : /[a-z]/i.test(text) ? Date.parse(text) - now : Number.NaN
  return ms > 0 ? Math.min(ms, retryAfterMsMax) : undefined
}
