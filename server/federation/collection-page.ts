import type { Context } from '#server/context.ts'
import { fetchPage, type FetchOptions } from '#server/federation/fetch-document.ts'
import { FetchFault } from '#server/federation/fetch-fault.ts'
import { idOf, isRecord, type Json, listOf, urlOf } from '#server/federation/normal-form/values.ts'
import { hostOf } from '#server/platform/host-names.ts'

export interface CollectionPage {
  /** As they stand: ids or whole objects, of anybody. */
  items: unknown[]
  /** Where it goes on, on the same host. */
  next: string | undefined
}

/** A collection or a page of one, all of it of one host; of a collection that has only pages, its first. Throws FetchFault. */
export async function readCollectionPage(
  ctx: Context,
  url: string,
  host: string | undefined,
  options: FetchOptions
): Promise<CollectionPage> {
  const json = await readOf(ctx, url, host, options)
  const own = itemsOf(json)
  const [first] = listOf(json.first)
  if (own.length > 0 || first === undefined) return { items: own, next: nextOf(json, host, url) }
  if (isRecord(first) && itemsOf(first).length > 0) return { items: itemsOf(first), next: nextOf(first, host, url) }
  // Some servers embed an empty page that says where the rest is.
  const firstUrl = (isRecord(first) ? nextOf(first, host, url) : undefined) ?? idOf(first)
  if (firstUrl === undefined || firstUrl === url || hostOf(firstUrl) !== host) return { items: [], next: undefined }
  const second = await readOf(ctx, firstUrl, host, options)
  return { items: itemsOf(second), next: nextOf(second, host, firstUrl) }
}

async function readOf(ctx: Context, url: string, host: string | undefined, options: FetchOptions): Promise<Json> {
  const page = await fetchPage(ctx, url, options)
  if (hostOf(page.url) !== host) throw new FetchFault(`${page.url} is not of ${host}.`)
  // A post that holds its answers itself.
  const [inside] = url.endsWith('#replies') ? listOf(page.json.replies).filter(isRecord) : []
  return inside ?? page.json
}

function itemsOf(json: Json): unknown[] {
  return [...listOf(json.orderedItems), ...listOf(json.items)]
}

function nextOf(json: Json, host: string | undefined, url: string): string | undefined {
  const next = isRecord(json.next) ? idOf(json.next) : urlOf(json.next)
  return next !== undefined && next !== url && hostOf(next) === host ? next : undefined
}
