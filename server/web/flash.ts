import type { FastifyReply, FastifyRequest } from 'fastify'
import { cookieName, cookieOptions } from '#server/web/session.ts'

/** A word about what just happened, carried over one redirect: a key of the catalogue and what fills it. */
export interface Flash {
  tone: 'good' | 'bad' | 'plain'
  key: string
  values: Record<string, string | number>
}

const keyShape = /^flash\.[a-zA-Z]{1,80}$/
const cookieCharactersMax = 1_000
/** A redirect is followed at once. */
const flashMs = 60_000

/** Says it on the next page. The key begins with `flash.`. */
export function setFlash(reply: FastifyReply, tone: Flash['tone'], key: string, values: Flash['values'] = {}): void {
  const { ctx } = reply.server
  const text = Buffer.from(JSON.stringify({ tone, key, values } satisfies Flash)).toString('base64url')
  if (text.length > cookieCharactersMax) throw new Error(`The flash ${key} carries too much.`)
  reply.setCookie(cookieName(ctx, 'flash'), text, cookieOptions(ctx, flashMs))
}

/** The waiting word, taken away with this answer. Anything that is no flash of ours is nothing. */
export function takeFlash(request: FastifyRequest, reply: FastifyReply): Flash | undefined {
  const { ctx } = request.server
  const name = cookieName(ctx, 'flash')
  const text = request.cookies[name]
  if (text === undefined) return undefined
  reply.clearCookie(name, cookieOptions(ctx))
  return text.length > cookieCharactersMax ? undefined : parse(text, ctx.messages.has)
}

function parse(text: string, isKnown: (key: string) => boolean): Flash | undefined {
  let read: Partial<Flash>
  try {
    read = JSON.parse(Buffer.from(text, 'base64url').toString()) as Partial<Flash>
  } catch {
    return undefined
  }
  if (read === null || typeof read !== 'object' || typeof read.key !== 'string' || !keyShape.test(read.key) || !isKnown(read.key))
    return undefined
  const values = Object.entries(read.values ?? {}).filter(([, value]) => typeof value === 'string' || typeof value === 'number')
  const tone = read.tone === 'good' || read.tone === 'bad' ? read.tone : 'plain'
  return { tone, key: read.key, values: Object.fromEntries(values) }
}
