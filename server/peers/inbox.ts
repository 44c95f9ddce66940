import { hostOf, isWithinDomain } from '#server/platform/host-names.ts'

/** Where an activity goes. */
export interface Inbox {
  url: string
  /**
   * Under which its health is kept and its turn is given: the normalised host of the URL, with a non-default port. An inbox that an actor names on
   * somebody else's server has a lane of its own (`<host> for <actor's host>`), or anybody could have that server held by naming an address there
   * that answers 429 or 503.
   */
  host: string
}

const between = ' for '

/** The inbox at a URL, of an account whose actor is at `ownerHost` (null when that is not known); undefined when the URL is none that can be sent to. */
export function toInbox(url: string | null | undefined, ownerHost: string | null): Inbox | undefined {
  const host = url ? hostOf(url) : undefined
  if (!url || host === undefined) return undefined
  const isOwn = ownerHost === null || isWithinDomain(host, ownerHost)
  return { url, host: isOwn ? host : `${host}${between}${ownerHost}` }
}

/** The hosts that a lane's name names. */
export function hostsOfLane(lane: string): string[] {
  return lane.split(between)
}
