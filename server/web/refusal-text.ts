import type { Refusal } from '#server/errors.ts'
import type { MessageValues } from '#server/platform/messages.ts'

/** What fills a refusal's message: its values, and how long to wait in whole minutes where it says so. */
export function toTextValues(refusal: Refusal): MessageValues {
  const { retryAfterMs } = refusal.values
  return retryAfterMs === undefined ? refusal.values : { ...refusal.values, minutes: Math.max(1, Math.ceil(Number(retryAfterMs) / 60_000)) }
}
