import type { Context } from '#server/context.ts'
import { type FetchOptions, fetchPage } from '#server/federation/fetch-document.ts'
import { FetchFault } from '#server/federation/fetch-fault.ts'
import { idOf, isRecord, type Json } from '#server/federation/normal-form/values.ts'
import { hostOf } from '#server/platform/host-names.ts'

const pagesMax = 15
const idsMax = 20_000

/**
 * Every id that a (partial) followers collection lists, from its own server alone. Throws FetchFault when any of it cannot be had: whoever is missing from
 * half a list may stand in the other half.
 */
export async function fetchFollowers(ctx: Context, url: string, options: FetchOptions): Promise<Set<string>> {
  const host = hostOf(url)
  const ids = new Set<string>()
  const seen = new Set<string>()
  let isWhole = false
  for (let next: unknown = url; next !== undefined && next !== null; ) {
    const page = await open(ctx, next, host, options, seen)
    const type = String(page.type)
    if (!/^(Ordered)?Collection(Page)?$/.test(type)) throw new FetchFault(`${url} is no collection.`)
    // Not `listOf`, which cuts long lists off.
    const items = [page.items ?? [], page.orderedItems ?? []].flat()
    // A collection says where its pages begin, or holds its items; one with neither must at least say that it is empty.
    isWhole ||= page.items !== undefined || page.orderedItems !== undefined || page.totalItems === 0
    for (const item of items) {
      const id = idOf(item)
      if (id !== undefined) ids.add(id)
    }
    if (ids.size > idsMax) throw new FetchFault(`${url} lists more than ${idsMax} accounts.`)
    next = items.length > 0 || type.endsWith('Page') ? page.next : (page.first ?? page.next)
  }
  if (!isWhole) throw new FetchFault(`${url} lists nothing.`)
  return ids
}

/** A page by its address, or as it is embedded. */
async function open(ctx: Context, page: unknown, host: string | undefined, options: FetchOptions, seen: Set<string>): Promise<Json> {
  if (isRecord(page) && page.type !== undefined) return page
  const url = idOf(page)
  if (url === undefined || hostOf(url) !== host || seen.has(url) || seen.size >= pagesMax)
    throw new FetchFault('The list does not end well.')
  seen.add(url)
  const answer = await fetchPage(ctx, url, options)
  if (hostOf(answer.url) !== host) throw new FetchFault(`${url} leads to another server.`)
  return answer.json
}
