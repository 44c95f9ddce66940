import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { LRUCache } from 'lru-cache'
import type { Context } from '#server/context.ts'
import { onePer } from '#server/platform/one-per.ts'

/** Memory for rendered documents, in bytes, and the longest address that is remembered. */
const keptBytesMax = 32 * 1024 * 1024
const addressCharactersMax = 300
/** What follows from the clock alone (the end of a poll), or from what another process keeps in memory, shows this late at most. */
const keptMs = 1_000
/** Signers let on to one document, remembered with it. */
const readersMax = 500
const compressFromBytes = 1_024
const brotliLevel = 4

export type Encoding = 'br' | 'gzip' | 'identity'

/** A document for everybody as it was answered, good for as long as nothing is committed. */
export interface KeptAnswer {
  mark: string
  keptAt: number
  /** Of the router, for the metrics. */
  route: string
  etag: string
  /** As text: Node sends it together with the headers, which is one write where a buffer takes two. */
  body: string
  bodyBytes: number
  packed: Partial<Record<Exclude<Encoding, 'identity'>, Buffer>>
  /** keyIds of whoever was let on, and so is again. */
  readers: Set<string>
}

export interface KeptAnswers {
  /** `mark`: of the database before anything was read for it. `keyId` of whoever signed. */
  keep(address: string, answer: { mark: string; route: string; etag: string; body: string; keyId: string | undefined }): void
  find(address: string, mark: string): KeptAnswer | undefined
}

/** Rendered documents of this instance, by address. */
export const keptAnswers = onePer(createKeptAnswers)

/** A document's body in an encoding, packed once; undefined when it goes as it is. */
export function packedAs(answer: KeptAnswer, encoding: Encoding): Buffer | undefined {
  if (encoding === 'identity' || answer.bodyBytes < compressFromBytes) return undefined
  return (answer.packed[encoding] ??=
    encoding === 'br'
      ? brotliCompressSync(answer.body, { params: { [constants.BROTLI_PARAM_QUALITY]: brotliLevel } })
      : gzipSync(answer.body))
}

function createKeptAnswers({ clock }: Context): KeptAnswers {
  const answers = new LRUCache<string, KeptAnswer>({
    maxSize: keptBytesMax,
    sizeCalculation: ({ body }, address) => 3 * body.length + 2 * address.length + 1_000
  })
  return {
    keep(address, { mark, route, etag, body, keyId }) {
      if (address.length > addressCharactersMax) return
      const now = clock.now()
      const before = answers.get(address)
      const same = before?.etag === etag ? before : undefined
      const isFresh = same !== undefined && same.mark === mark && now - same.keptAt < keptMs
      const readers = isFresh ? same.readers : new Set<string>()
      if (keyId !== undefined && readers.size < readersMax) readers.add(keyId)
      if (isFresh) return
      answers.set(address, {
        mark,
        keptAt: now,
        route,
        etag,
        body: same?.body ?? body,
        bodyBytes: same?.bodyBytes ?? Buffer.byteLength(body),
        packed: same?.packed ?? {},
        readers
      })
    },
    find(address, mark) {
      const found = answers.get(address)
      return found && found.mark === mark && clock.now() - found.keptAt < keptMs ? found : undefined
    }
  }
}
