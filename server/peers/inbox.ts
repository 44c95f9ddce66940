import { hostOf } from '#server/platform/host-names.ts'

/** Where an activity goes. */
export interface Inbox {
  url: string
  /** Normalised host of the URL, with a non-default port. */
  host: string
}

/** The inbox at a URL; undefined when the URL is none that can be sent to. */
export function toInbox(url: string | null | undefined): Inbox | undefined {
  const host = url ? hostOf(url) : undefined
  return url && host !== undefined ? { url, host } : undefined
}
