import type { Context } from '#server/context.ts'
import { fetchDocument, type FetchOptions } from '#server/federation/fetch-document.ts'
import { FetchFault } from '#server/federation/fetch-fault.ts'
import { readKey } from '#server/federation/normal-form/read-keys.ts'
import type { NormalActor, NormalKey } from '#server/federation/normal-form/types.ts'
import { hostOf } from '#server/platform/host-names.ts'

const keyDocumentsMax = 3

/**
 * The keys an actor lists by address alone, read from where they lie: on the actor's own host, and naming the actor as their owner. What cannot be
 * read is left out.
 */
export async function fetchKeys(ctx: Context, actor: NormalActor, options: FetchOptions): Promise<NormalKey[]> {
  const urls = actor.keyUrls.filter((url) => hostOf(url) === hostOf(actor.id)).slice(0, keyDocumentsMax)
  const found: NormalKey[] = []
  for (const url of urls) found.push(...(await fetchKey(ctx, url, options)).filter((key) => key.owner === actor.id))
  return found
}

async function fetchKey(ctx: Context, url: string, options: FetchOptions): Promise<NormalKey[]> {
  try {
    const { json } = await fetchDocument(ctx, url, options)
    return readKey(json).filter((key) => key.id === url)
  } catch (error) {
    if (error instanceof FetchFault) return []
    throw error
  }
}
