import type { Context } from '#server/context.ts'
import { hostOf } from '#server/platform/host-names.ts'
import { HttpError, type HttpResponse } from '#server/platform/http-client.ts'
import { type PageText, readPage } from '#server/previews/read-page.ts'

const pageTypes = ['text/html', 'application/xhtml+xml']
const bytesMax = 1_000_000
const hourMs = 60 * 60_000
const dayMs = 24 * hourMs
/** A page that was had is not asked again sooner, however many look. */
export const shownMs = 7 * dayMs
/** A page that was not had is left alone a day, or as long as it says itself within these. */
const missedMs = dayMs
const missedMsMin = hourMs
const missedMsMax = 7 * dayMs
/** Where a page says in which letters it is written; read in its first bytes, as browsers do. */
const charsetBytes = 1_024

export interface AskedPage {
  /** Undefined when it could not be had, or has nothing to show. */
  page: PageText | undefined
  /** Host that answered; undefined when none did. */
  answeredHost: string | undefined
  /** How long it is not asked again. */
  freshMs: number
}

/** Asks a page what it says of itself, through the one door: HTML only, the first megabyte of it, never ourselves. Failures are an answer too. */
export async function askPage(ctx: Pick<Context, 'http' | 'config' | 'clock'>, url: string): Promise<AskedPage> {
  try {
    const answer = await ctx.http.get(url, {
      accept: 'text/html, application/xhtml+xml;q=0.9',
      contentTypes: pageTypes,
      bytesMax,
      isCut: true,
      headersFor: (hop) => refuseOwn(ctx.config.host, hop)
    })
    const answeredHost = hostOf(answer.url)
    const isHad = answer.status >= 200 && answer.status < 300
    const page = isHad ? await readPage(textOf(answer), answer.url, headerOf(answer, 'x-robots-tag')) : undefined
    return { page, answeredHost, freshMs: page ? shownMs : missedMsOf(answer, ctx.clock.now()) }
  } catch (error) {
    if (!(error instanceof HttpError)) throw error
    return { page: undefined, answeredHost: undefined, freshMs: missedMs }
  }
}

/** A page that sends us on to ourselves would have us preview our own sign-in. */
function refuseOwn(own: string, hop: URL): Record<string, string> {
  if (hostOf(hop) === own) throw new HttpError('redirects', 'The page leads back here.', hop.href)
  return {}
}

function missedMsOf(answer: HttpResponse, now: number): number {
  const said = Number(/\bmax-age=(\d{1,9})\b/i.exec(headerOf(answer, 'cache-control'))?.[1]) * 1_000
  const retryAfter = headerOf(answer, 'retry-after')
  const asked = /^\d{1,9}$/.test(retryAfter) ? Number(retryAfter) * 1_000 : Date.parse(retryAfter) - now
  const longest = Math.max(...[said, asked].filter(Number.isFinite))
  return Number.isFinite(longest) ? Math.min(missedMsMax, Math.max(missedMsMin, longest)) : missedMs
}

/** The body as text, in the letters that its header or its head names; UTF-8 when neither says anything we know. */
function textOf(answer: HttpResponse): string {
  const head = answer.bytes.subarray(0, charsetBytes).toString('latin1')
  const named = [
    /charset\s*=\s*"?([\w:.-]{1,40})/i.exec(headerOf(answer, 'content-type')),
    /<meta[^>]{0,200}charset\s*=\s*["']?([\w:.-]{1,40})/i.exec(head)
  ]
  for (const [, label] of named.filter((each) => each !== null)) {
    const decoder = decoderFor(label ?? '')
    if (decoder) return decoder.decode(answer.bytes)
  }
  return new TextDecoder().decode(answer.bytes)
}

function decoderFor(label: string): TextDecoder | undefined {
  try {
    return new TextDecoder(label)
  } catch (error) {
    // The constructor is the one list of the names there are.
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function headerOf({ headers }: HttpResponse, name: string): string {
  const value = headers[name]
  return Array.isArray(value) ? value.join(', ') : (value ?? '')
}
