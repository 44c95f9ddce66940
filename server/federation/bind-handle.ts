import type { Context } from '#server/context.ts'
import { askWebFinger, type Handle, type WebFingerAnswer } from '#server/federation/ask-webfinger.ts'
import type { FetchOptions } from '#server/federation/fetch-document.ts'
import { FetchFault } from '#server/federation/fetch-fault.ts'
import { hostOf } from '#server/platform/host-names.ts'

export interface BoundHandle extends Handle {
  /** WebFinger was asked and leads to this very actor. */
  isConfirmed: boolean
}

/**
 * The handle of an actor whose document came from its own origin. Its host's WebFinger may name another domain; that counts only
 * when the WebFinger there leads back to the same actor. Without any WebFinger the handle is name@host. Throws FetchFault when the
 * host says that the name is somebody else's.
 */
export async function bindHandle(ctx: Context, actor: { id: string; name: string }, options: FetchOptions): Promise<BoundHandle> {
  const domain = hostOf(actor.id)
  if (domain === undefined) throw new FetchFault(`${actor.id} is no http(s) URL.`)
  const own: Handle = { name: actor.name, domain }
  const answer = await ask(ctx, domain, own, options)
  if (answer?.actorUri === undefined) return { ...own, isConfirmed: false }
  // Of several of one name the first has it, and the others only as long as nobody does.
  if (answer.otherUris.some((uri) => isSameActor(uri, actor.id))) return { ...own, isConfirmed: false }
  if (!isSameActor(answer.actorUri, actor.id)) throw new FetchFault(`${domain} says that ${own.name}@${domain} is ${answer.actorUri}.`)
  const { subject } = answer
  if (!subject || subject.domain === domain || subject.domain === ctx.config.handleDomain || subject.domain === ctx.config.host) {
    return { ...own, isConfirmed: true }
  }
  const there = await ask(ctx, subject.domain, subject, options)
  return there?.actorUri === actor.id ? { ...subject, isConfirmed: true } : { ...own, isConfirmed: true }
}

/** Servers that began without TLS still have actors under http, and WebFinger that names them under https. */
function isSameActor(one: string, other: string): boolean {
  return one.replace(/^http:/, 'https:') === other.replace(/^http:/, 'https:')
}

/** A server without WebFinger, or whose WebFinger is down, still has actors. */
async function ask(ctx: Context, host: string, handle: Handle, options: FetchOptions): Promise<WebFingerAnswer | undefined> {
  try {
    return await askWebFinger(ctx, host, handle, options)
  } catch (error) {
    if (error instanceof FetchFault) return undefined
    throw error
  }
}
