import type { Context } from '#server/context.ts'
import { FetchFault } from '#server/federation/fetch-fault.ts'
import { normalize, parseDocument } from '#server/federation/normal-form.ts'
import { readOwnId } from '#server/federation/normal-form/read-activity.ts'
import { NormalFormFault } from '#server/federation/normal-form/types.ts'
import type { Json } from '#server/federation/normal-form/values.ts'
import { signedGetHeaders } from '#server/federation/sign.ts'
import { activityAccept, activityTypes } from '#server/federation/vocabulary/context.ts'
import type { OnBehalf } from '#server/peers/on-behalf.ts'
import type { FetchBudget } from '#server/platform/fetch-budget.ts'
import { hostOf } from '#server/platform/host-names.ts'
import type { HttpHeaders } from '#server/platform/http-client.ts'
import { HttpError } from '#server/platform/http-error.ts'

/** How long a document that could not be had is not asked for again. */
const rememberFailureMs = 5 * 60_000
/** Faults of the moment: the network's, or our own being busy. */
const temporaryReasons = new Set(['dns', 'connect', 'tls', 'protocol', 'timeout', 'negative-cache', 'budget', 'busy', 'closed'])

export interface FetchOptions {
  /** What the step that needs this may still ask for. */
  budget: FetchBudget
  /** Origin an operator typed on the command line. */
  exempt?: string
  /** Asks even when it failed a moment ago. */
  isForced?: boolean
  /** It is looked for because another post quotes it: what it quotes itself is not looked for. */
  isQuoted?: boolean
  /** With whose key it is asked, at the server named there alone; the instance's when absent. */
  onBehalf?: OnBehalf | undefined
  /** The author's own activity that told of it, and whom it addressed: counts for a post of that author alone. */
  saidBy?: { authorId: number; to: string[]; cc: string[] } | undefined
  /** What is found was written long ago and looked for on purpose: nobody is told of it. */
  isOld?: boolean
}

export interface FetchedDocument {
  id: string
  /** Compact AS2. */
  json: Json
}

/**
 * Reads a document from its own origin, signed by the instance actor, or for one of ours at one server: only application/activity+json or ld+json with the AS2
 * profile, and only when its id is the very address that answered; with another id it is asked for once more under that. Throws FetchFault.
 */
export async function fetchDocument(ctx: Context, url: string, options: FetchOptions): Promise<FetchedDocument> {
  const first = await fetchOnce(ctx, url, options)
  if (isAt(first.id, first.url)) return { id: first.id, json: first.json }
  const second = await fetchOnce(ctx, first.id, options)
  if (!isAt(second.id, second.url)) throw new FetchFault(`${second.url} says it is ${second.id}.`)
  return { id: second.id, json: second.json }
}

/** A page of a collection, which may have no id of its own: where it came from is for the caller to judge. Throws FetchFault. */
export async function fetchPage(ctx: Context, url: string, options: FetchOptions): Promise<{ url: string; json: Json }> {
  if (hostOf(url) === ctx.config.host) throw new FetchFault('Our own documents are not fetched.')
  const answer = await get(ctx, url, options)
  return { url: answer.url, json: await read(answer.bytes, url) }
}

interface Answer {
  /** The address that answered, after redirects. */
  url: string
  id: string
  json: Json
}

async function fetchOnce(ctx: Context, url: string, options: FetchOptions): Promise<Answer> {
  if (hostOf(url) === ctx.config.host) throw new FetchFault('Our own documents are not fetched.')
  const answer = await get(ctx, url, options)
  const json = await read(answer.bytes, url)
  const id = readOwnId(json)
  if (id === undefined) throw new FetchFault(`${answer.url} has no id.`)
  return { url: answer.url, id, json }
}

async function get(ctx: Context, url: string, { budget, exempt, isForced, onBehalf }: FetchOptions) {
  try {
    const answer = await ctx.http.get(url, {
      accept: activityAccept,
      contentTypes: activityTypes,
      headersFor: (hop) => headersFor(ctx, hop, onBehalf),
      ...(onBehalf ? { askedAs: `${onBehalf.accountId} ${onBehalf.host}` } : {}),
      budget,
      exempt,
      ...(isForced ? {} : { rememberFailureMs })
    })
    if (answer.status >= 200 && answer.status < 300) return answer
    const isTemporary = answer.status === 429 || answer.status >= 500
    throw new FetchFault(`${url} answered ${answer.status}.`, {
      isGone: answer.status === 404 || answer.status === 410,
      isBuried: answer.status === 410,
      isTemporary,
      status: answer.status
    })
  } catch (error) {
    if (error instanceof HttpError) throw new FetchFault(error.message, { isTemporary: temporaryReasons.has(error.reason), cause: error })
    throw error
  }
}

/** Signs one hop. A redirect back to us is not followed: what we say is read from our tables, and never believed because somebody led us to it. */
async function headersFor(ctx: Context, hop: URL, onBehalf: OnBehalf | undefined): Promise<HttpHeaders> {
  if (hostOf(hop) === ctx.config.host) throw new FetchFault('Our own documents are not fetched.')
  return signedGetHeaders(ctx, onBehalf)(hop)
}

async function read(bytes: Buffer, url: string): Promise<Json> {
  try {
    return await normalize(parseDocument(bytes))
  } catch (error) {
    if (error instanceof NormalFormFault) throw new FetchFault(`${url}: ${error.message}`, { cause: error })
    throw error
  }
}

/** Ids are compared as addresses here: what was asked for and answered is the normalised spelling of the same. */
function isAt(id: string, url: string): boolean {
  const found = URL.parse(id)
  if (found === null) return false
  found.hash = ''
  return found.href === url
}
