/** How far ahead (ms) another server's clock is believed. */
const skewMsMax = 10 * 60_000

/**
 * When an edit counts as made, in ms: as its server says, so that edits of a clock that is a little ahead keep their order, but no later than such clocks
 * go, so that one nonsensical date does not shut out all edits after it. Pure.
 */
export function editTime(saidAt: number, now: number): number {
  return Math.min(saidAt, now + skewMsMax)
}
