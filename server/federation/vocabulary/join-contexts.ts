import { activityStreams } from '#server/federation/vocabulary/context.ts'

/**
 * The one context of a document that holds others of ours: the addresses each names, once, and the terms of all of them together, since a term
 * means the same in everything we write. ActivityStreams alone when there are none. Pure.
 */
export function joinContexts(documents: readonly Record<string, unknown>[]): unknown {
  const parts = documents.flatMap((document) => [document['@context'] ?? []].flat() as (string | object)[])
  const addresses = new Set([activityStreams, ...parts.filter((part) => typeof part === 'string')])
  const terms = Object.assign({}, ...parts.filter((part) => typeof part === 'object')) as object
  if (Object.keys(terms).length > 0) return [...addresses, terms]
  return addresses.size > 1 ? [...addresses] : activityStreams
}

/** A document without its context, as it stands inside another. */
export function withoutContext({ '@context': _, ...rest }: Record<string, unknown>): Record<string, unknown> {
  return rest
}
