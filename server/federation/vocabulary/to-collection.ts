import { activityStreams } from '#server/federation/vocabulary/context.ts'

interface Collection {
  uri: string
  totalItems: number
  isOrdered: boolean
}

/** A collection without items of its own: where its pages begin (ActivityStreams, section 5). */
export function toCollection({ uri, totalItems, isOrdered }: Collection, hasPages = true): Record<string, unknown> {
  return {
    '@context': activityStreams,
    id: uri,
    type: isOrdered ? 'OrderedCollection' : 'Collection',
    totalItems,
    ...(hasPages && totalItems > 0 ? { first: `${uri}?page=1` } : {})
  }
}

interface Page extends Collection {
  /** Address of this page's query, such as `page=1`. */
  query: string
  /** Query of the page that follows; absent on the last. */
  nextQuery: string | undefined
  items: readonly unknown[]
  context?: unknown
}

export function toCollectionPage(page: Page): Record<string, unknown> {
  return {
    '@context': page.context ?? activityStreams,
    id: `${page.uri}?${page.query}`,
    type: page.isOrdered ? 'OrderedCollectionPage' : 'CollectionPage',
    partOf: page.uri,
    totalItems: page.totalItems,
    ...(page.nextQuery === undefined ? {} : { next: `${page.uri}?${page.nextQuery}` }),
    [page.isOrdered ? 'orderedItems' : 'items']: page.items
  }
}
