import type { Dispatcher } from 'undici'
import { isContentTypeAllowed, mediaTypeOf } from '#server/platform/content-types.ts'
import { HttpError } from '#server/platform/http-error.ts'
import { discardBody, readBody } from '#server/platform/read-body.ts'

/** Bodies of answers that failed, and of answers to a POST, are kept only to be logged. */
const loggedBytesMax = 16_384
const nothing = Buffer.alloc(0)

export interface HttpResponse {
  /** Any status; only 2xx answers have passed the content type check. */
  status: number
  /** Where the answer came from, after redirects, without a fragment. */
  url: string
  /** Every URL that was asked, in order; the last is `url`. */
  hops: string[]
  headers: Record<string, string | string[] | undefined>
  /** Type and subtype in lower case, empty when there is none. */
  contentType: string
  /** The decoded body; of a request that failed, the first 16 kB, and of a POST that was taken, nothing. Never shown to people. */
  bytes: Buffer
  /** The body as JSON; throws HttpError `json`. */
  json(): unknown
}

/** What one hop came to: an answer, or where to go on. */
export type HopOutcome = { response: HttpResponse } | { location: string }

export interface AnswerWish {
  method: 'GET' | 'POST'
  contentTypes?: readonly string[]
  bytesMax: number
  /** The beginning of a longer body is enough. */
  isCut?: boolean | undefined
}

/** Turns what undici hands over into an outcome, refusing by status and headers before a byte of the body is read. */
export async function readAnswer(answer: Dispatcher.ResponseData, wish: AnswerWish, url: URL, hops: string[]): Promise<HopOutcome> {
  const { statusCode: status, headers, body } = answer
  const location = headerOf(headers, 'location')
  if (isRedirect(status) && location !== '') {
    discardBody(body)
    return { location }
  }
  const isWanted = status >= 200 && status < 300 && wish.method === 'GET'
  const type = headerOf(headers, 'content-type')
  if (isWanted && wish.contentTypes !== undefined && !isContentTypeAllowed(type, wish.contentTypes)) {
    discardBody(body)
    throw new HttpError('content-type', `The answer is "${type}" and none of ${wish.contentTypes.join(', ')}.`, url.href)
  }
  // What was taken needs no words: they are let go without being looked at, and the connection is kept.
  if (wish.method === 'POST' && status >= 200 && status < 300) {
    await body.dump({ limit: loggedBytesMax })
    return {
      response: {
        status,
        url: url.href,
        hops,
        headers,
        contentType: mediaTypeOf(type),
        bytes: nothing,
        json: () => parseJson(nothing, url)
      }
    }
  }
  const bytesMax = isWanted ? wish.bytesMax : loggedBytesMax
  if (isWanted && !wish.isCut && Number(headerOf(headers, 'content-length')) > bytesMax) {
    discardBody(body)
    throw new HttpError('too-large', `The answer is larger than the ${bytesMax} bytes we take.`, url.href)
  }
  const encoding = headerOf(headers, 'content-encoding').trim().toLowerCase()
  const bytes = await readBody(body, { bytesMax, encoding, isCut: !isWanted || wish.isCut === true })
  const contentType = mediaTypeOf(type)
  return { response: { status, url: url.href, hops, headers, contentType, bytes, json: () => parseJson(bytes, url) } }
}

function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308
}

/** A header that came once; one that came twice says two things, and so none. */
function headerOf(headers: HttpResponse['headers'], name: string): string {
  const value = headers[name]
  return typeof value === 'string' ? value : ''
}

function parseJson(bytes: Buffer, url: URL): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch (error) {
    throw new HttpError('json', `The answer of ${url.host} is no JSON.`, url.href, error)
  }
}
