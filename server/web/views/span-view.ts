import type { Translate } from '#server/platform/messages.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** A span of time in words, in its largest whole unit, rounded up: "7 days", "1 hour", "5 minutes". */
export function spanText(t: Translate, ms: number): string {
  if (ms > dayMs - hourMs) return t('span.days', { count: Math.ceil(ms / dayMs) })
  if (ms > hourMs - minuteMs) return t('span.hours', { count: Math.ceil(ms / hourMs) })
  return t('span.minutes', { count: Math.max(1, Math.ceil(ms / minuteMs)) })
}

/** What may be chosen of a list of spans (ms) in a form, the endless one (`never`) first or where the list says null. */
export function spanOptions(t: Translate, spansMs: readonly (number | null)[], neverKey: string): { value: string; label: string }[] {
  return spansMs.map((ms) => (ms === null ? { value: 'never', label: t(neverKey) } : { value: String(ms), label: spanText(t, ms) }))
}

/** A span that was chosen: ms, null for ever; undefined for anything that was not offered. */
export function spanChosen(typed: string, spansMs: readonly (number | null)[]): number | null | undefined {
  return spansMs.find((ms) => (ms === null ? typed === 'never' : typed === String(ms)))
}
