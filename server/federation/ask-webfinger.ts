import type { Context } from '#server/context.ts'
import { FetchFault } from '#server/federation/fetch-fault.ts'
import type { FetchOptions } from '#server/federation/fetch-document.ts'
import { urlOf } from '#server/federation/normal-form/values.ts'
import { activityJson, activityStreams } from '#server/federation/vocabulary/context.ts'
import { isContentTypeAllowed } from '#server/platform/content-types.ts'
import { normalizeHost } from '#server/platform/host-names.ts'
import { HttpError } from '#server/platform/http-error.ts'

const jrdTypes = ['application/jrd+json', 'application/json', 'application/activity+json']
const jrdBytesMax = 65_536
const actorsMax = 8
const rememberFailureMs = 5 * 60_000
const selfTypes = [activityJson, `application/ld+json; profile="${activityStreams}"`]

export interface Handle {
  name: string
  /** Normalised. */
  domain: string
}

export interface WebFingerAnswer {
  /** What the server says the handle is; undefined when it says nothing readable. */
  subject: Handle | undefined
  /** The actor it leads to. */
  actorUri: string | undefined
  /** Other actors it leads to under the same name (a person and a community of Lemmy). */
  otherUris: string[]
}

const nameCharactersMax = 100
const subjectShape = new RegExp(`^(?:acct:)?@?([\\p{L}\\p{M}\\p{N}_.~-]{1,${nameCharactersMax}})@([^@\\s/?#]+)$`, 'iu')

/** `acct:name@host`, `@name@host` or `name@host`, where the name is one that can stand in a handle; undefined for anything else. */
function readSubject(text: string): Handle | undefined {
  const [, name, host] = subjectShape.exec(text) ?? []
  const domain = host === undefined ? undefined : normalizeHost(host)
  return name === undefined || domain === undefined ? undefined : { name, domain }
}

/** Asks a host about a handle (RFC 7033). Throws FetchFault when it gives no answer. */
export async function askWebFinger(ctx: Context, host: string, handle: Handle, options: FetchOptions): Promise<WebFingerAnswer> {
  const [first, second] = schemesFor(ctx, host)
  const resource = encodeURIComponent(`acct:${handle.name}@${handle.domain}`)
  const urlOf = (scheme: string) => `${scheme}://${host}/.well-known/webfinger?resource=${resource}`
  try {
    return await ask(ctx, host, urlOf(first), options)
  } catch (error) {
    if (second !== undefined && error instanceof FetchFault && !error.isGone) return ask(ctx, host, urlOf(second), options)
    throw error
  }
}

/** WebFinger is always https (RFC 7033, section 4), but for demos and tests, which run whole fediverses without TLS on `localhost` and on ports. */
export function schemesFor(ctx: Context, host: string): ['https' | 'http', ('https' | 'http')?] {
  if (!ctx.config.outbound.allowHttp) return ['https']
  return /(^|\.)localhost(:\d+)?$|:\d+$/.test(host) ? ['http', 'https'] : ['https', 'http']
}

async function ask(ctx: Context, host: string, url: string, { budget, exempt, isForced }: FetchOptions): Promise<WebFingerAnswer> {
  try {
    const answer = await ctx.http.get(url, {
      accept: 'application/jrd+json, application/json',
      contentTypes: jrdTypes,
      bytesMax: jrdBytesMax,
      budget,
      exempt,
      ...(isForced ? {} : { rememberFailureMs })
    })
    if (answer.status >= 200 && answer.status < 300) return readAnswer(answer.json())
    throw new FetchFault(`WebFinger at ${host} answered ${answer.status}.`, {
      status: answer.status,
      isGone: answer.status === 404 || answer.status === 410,
      isTemporary: answer.status >= 500
    })
  } catch (error) {
    if (error instanceof HttpError) throw new FetchFault(error.message, { isTemporary: true, cause: error })
    throw error
  }
}

function readAnswer(json: unknown): WebFingerAnswer {
  const { subject, links } = (typeof json === 'object' && json !== null ? json : {}) as { subject?: unknown; links?: unknown }
  const isSelf = (link: { rel?: unknown; type?: unknown } | null) =>
    link?.rel === 'self' && typeof link.type === 'string' && isContentTypeAllowed(link.type, selfTypes)
  const [actorUri, ...otherUris] = (Array.isArray(links) ? links : [])
    .filter(isSelf)
    .slice(0, actorsMax)
    .map((link: { href?: unknown }) => urlOf(link.href))
    .filter((href) => href !== undefined)
  return { subject: typeof subject === 'string' ? readSubject(subject) : undefined, actorUri, otherUris }
}
