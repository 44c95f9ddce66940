import type { IncomingMessage, ServerResponse } from 'node:http'
import { LRUCache } from 'lru-cache'
import type { Context } from '#server/context.ts'
import { documentHeaders } from '#server/federation/serve/answer.ts'
import { type Encoding, type KeptAnswer, keptAnswers, packedAs } from '#server/federation/serve/kept-answers.ts'
import { keyIdOf } from '#server/federation/serve/key-id-of.ts'
import { readRates } from '#server/federation/serve/read-rates.ts'
import { activityContentType } from '#server/federation/vocabulary/context.ts'
import { hasEtag } from '#server/platform/etags.ts'
import { namesHostTwice } from '#server/platform/host-names.ts'

const headersRemembered = 200
const headerCharactersMax = 200

/** What the door needs of the app around it. */
export interface QuickDoorParts {
  /** Whether an Accept header asks for a document rather than a page. */
  wantsDocument(accept: string | undefined): boolean
  /** Headers of every answer of the app. */
  headers: Record<string, string>
  newRequestId(): string
  /** Whom a request comes from, proxies that are believed taken into account. */
  addressOf(request: IncomingMessage): string
  note(answer: { requestId: string; method: string; route: string; path: string; status: number; ms: number; ip: string }): void
}

/** Answers a request, or says false at once or later: then it goes the usual way. */
export type QuickDoor = (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>

/**
 * Documents for everybody that were rendered since the database changed last are answered before the router: peers ask for the same few again and again.
 * Nothing is decided here. Whoever has not been let on to this very document by the usual way, since that last change, goes the usual way.
 */
export function createQuickDoor(ctx: Context, parts: QuickDoorParts): QuickDoor {
  const { database, config } = ctx
  const kept = keptAnswers(ctx)
  const rates = readRates(ctx)
  const wantsDocument = remembered((accept) => parts.wantsDocument(accept))
  const encodingOf = remembered(chooseEncoding)
  const everyAnswer = Object.entries({
    ...parts.headers,
    ...documentHeaders('public'),
    vary: `${documentHeaders('public').vary}, Accept-Encoding`
  }).flat()
  const isOpen = config.federation.authorizedFetch !== 'required'

  function answerIfKept(request: IncomingMessage, response: ServerResponse, mark: string, startedAt: number): boolean {
    const address = request.url ?? ''
    const answer = kept.find(address, mark)
    if (!answer || response.destroyed) return false
    const { headers } = request
    const isSigned = headers.signature !== undefined || headers['signature-input'] !== undefined
    if (isSigned && !answer.readers.has(keyIdOf(headers) ?? '')) return false
    const ip = parts.addressOf(request)
    // The usual way takes its own turn in the rates, and says how long to wait.
    if (rates.take(ip) > 0) return false
    const requestId = parts.newRequestId()
    const status = send(answer, requestId, request, response)
    const path = address.split('?', 1)[0] ?? ''
    parts.note({ requestId, method: 'GET', route: answer.route, path, status, ms: performance.now() - startedAt, ip })
    return true
  }

  function send(answer: KeptAnswer, requestId: string, { headers }: IncomingMessage, response: ServerResponse): number {
    const fields = [...everyAnswer, 'x-request-id', requestId, 'etag', answer.etag]
    if (hasEtag(headers['if-none-match'], answer.etag)) {
      response.writeHead(304, fields).end()
      return 304
    }
    const encoding = encodingOf(headers['accept-encoding'] as string | undefined)
    const packed = packedAs(answer, encoding)
    if (packed) fields.push('content-encoding', encoding)
    fields.push('content-type', activityContentType, 'content-length', String(packed?.length ?? answer.bodyBytes))
    response.writeHead(200, fields)
    // What is ASCII throughout needs no encoding, only copying.
    if (packed) response.end(packed)
    else response.end(answer.body, answer.bodyBytes === answer.body.length ? 'latin1' : 'utf8')
    return 200
  }

  return (request, response) => {
    const { method, url, headers } = request
    if (!isOpen || method !== 'GET' || !url?.startsWith('/@') || headers.host !== config.host || !wantsDocument(headers.accept))
      return false
    if (namesHostTwice(request.rawHeaders)) return false
    const startedAt = performance.now()
    const mark = database.mark()
    return typeof mark === 'string'
      ? answerIfKept(request, response, mark, startedAt)
      : mark.then((now) => answerIfKept(request, response, now, startedAt))
  }
}

/** Brotli where it is taken, else gzip, as the rest of the app does. A header with weights is left to the usual plain answer. */
function chooseEncoding(header: string | undefined): Encoding {
  const taken = (header ?? '').split(',').map((part) => part.trim().toLowerCase())
  return taken.includes('br') ? 'br' : taken.includes('gzip') ? 'gzip' : 'identity'
}

/** Remembers what follows from a header: senders are many, and spellings few. */
function remembered<T extends boolean | string>(decide: (header: string | undefined) => T): (header: string | undefined) => T {
  const known = new LRUCache<string, { value: T }>({ max: headersRemembered })
  return (header = '') => {
    const found = known.get(header)
    if (found) return found.value
    const value = decide(header === '' ? undefined : header)
    if (header.length <= headerCharactersMax) known.set(header, { value })
    return value
  }
}
