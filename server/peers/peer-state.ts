const dayMs = 24 * 60 * 60 * 1_000

/** After failing this long a host counts as dead: what goes to everybody is no longer kept for it, and it is tried once a day. */
export const deadAfterMs = 7 * dayMs

/** A delivery is kept this long: a week, and until the try that follows it. */
export const keptMs = 8.25 * dayMs

/** Longest hold of a host that fails, however long it has. */
export const holdMsMax = dayMs

export function isDeadHost(peer: { failingSince: number | null }, now: number): boolean {
  return peer.failingSince !== null && now - peer.failingSince >= deadAfterMs
}
