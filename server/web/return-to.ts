import type { FastifyReply, FastifyRequest } from 'fastify'

const pathCharactersMax = 2_000
const anchor = /^#[\w-]{1,100}$/

/**
 * A path of ours (with query and anchor) out of something a stranger may have written, or undefined: whatever a browser could take for
 * another origin is refused, also behind one more round of percent-decoding (`//evil`, `/\evil`, `/%2F%2Fevil`, `/.//evil`, `https:evil`).
 */
export function safePath(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > pathCharactersMax || !value.startsWith('/')) return undefined
  if (/[\p{Cc}\s\\]/u.test(value)) return undefined
  const url = URL.parse(value, 'http://here.invalid')
  if (url === null || url.host !== 'here.invalid' || url.username !== '') return undefined
  if (/^\/(?:\/|\\|%2f|%5c|%25)/i.test(url.pathname)) return undefined
  return url.pathname + url.search + url.hash
}

/** Where a signed-out person is sent, to come back to `path` afterwards. */
export function signInPathFor(path: string): string {
  const next = safePath(path)
  return next === undefined || next === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(next)}`
}

/** Where somebody was on the way to (`?next=`): a path of ours, or nothing. */
export function nextOf(request: FastifyRequest): string | undefined {
  return safePath((request.query as { next?: unknown }).next)
}

/** An address that carries it along. */
export function withNext(path: string, next: string | undefined): string {
  return next === undefined ? path : `${path}?next=${encodeURIComponent(next)}`
}

/** After an act: back to the page the form stood on (its field `returnTo`), at the anchor given or the one it names. Always 303. */
export function redirectBack(
  request: FastifyRequest,
  reply: FastifyReply,
  options: { otherwise?: string; anchor?: string } = {}
): FastifyReply {
  const back = safePath(request.form.text('returnTo')) ?? options.otherwise ?? '/home'
  const hash = options.anchor === undefined ? '' : `#${options.anchor}`
  return reply.redirect(anchor.test(hash) ? back.replace(/#.*$/, '') + hash : back, 303)
}

/** The page of ours that a link was followed from, as far as the browser says. */
export function cameFrom(request: FastifyRequest): string | undefined {
  const url = URL.parse(String(request.headers.referer ?? ''))
  return url?.origin === request.server.ctx.config.origin ? safePath(url.pathname + url.search) : undefined
}
