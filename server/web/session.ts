import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '#server/context.ts'
import { findSession, hashToken, type Session } from '#server/sign-in/find-session.ts'
import { stepMs } from '#server/sign-in/second-step.ts'
import { sessionMs, touchSession } from '#server/sign-in/sessions.ts'
import { knowsCookies } from '#server/web/access.ts'
import { chooseLanguage } from '#server/web/language.ts'

/** Random as a token of ours is: 192 bits in base64url. */
const tokenShape = /^[A-Za-z0-9_-]{32}$/

/** Cookies of this house have no Domain and, on https, the `__Host-` prefix: neither a subdomain nor plain http can set them. */
export function cookieName(ctx: Context, name: 'session' | 'visitor' | 'flash' | 'step'): string {
  return ctx.config.isHttps ? `__Host-${name}` : name
}

/** How every cookie of this house is set and taken away; without `maxAgeMs` it ends with the browser. */
export function cookieOptions(ctx: Context, maxAgeMs?: number) {
  const maxAge = maxAgeMs === undefined ? undefined : Math.floor(maxAgeMs / 1_000)
  return { path: '/', httpOnly: true, sameSite: 'lax', secure: ctx.config.isHttps, maxAge } as const
}

/** Finds out who asks, before anything is decided. Routes for peers and apps have no sessions. */
export function recogniseVisitors(app: FastifyInstance): void {
  const { ctx } = app
  app.decorateRequest('who', undefined)
  app.decorateRequest('sessionHash', undefined)
  app.decorateRequest('visitorToken', undefined)
  app.addHook('onRequest', async (request, reply) => {
    if (request.is404 || knowsCookies(request.routeOptions.config.access)) await recognise(ctx, request, reply)
    const { language, timeZone } = await ctx.settings.get()
    const { user } = request.who ?? {}
    request.t = ctx.messages.translator(
      user?.language ?? chooseLanguage(request.headers['accept-language'], ctx.messages.languages) ?? language,
      {
        timeZone: user?.timeZone ?? timeZone
      }
    )
  })
  // What a shared cache may keep carries nobody's cookie, whatever else happened on the way.
  app.addHook('onSend', async (_request, reply) => {
    if (/\bpublic\b/.test(String(reply.getHeader('cache-control') ?? ''))) reply.removeHeader('set-cookie')
  })
}

async function recognise(ctx: Context, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const visitor = request.cookies[cookieName(ctx, 'visitor')]
  if (visitor !== undefined && tokenShape.test(visitor)) request.visitorToken = visitor
  const token = request.cookies[cookieName(ctx, 'session')]
  if (token === undefined || !tokenShape.test(token)) return
  const found = await findSession(ctx.db, token, ctx.clock.now())
  if (!found) return
  request.who = { kind: 'account', account: found.account, user: found.user, sessionId: found.session.id }
  request.sessionHash = found.session.tokenHash
  await keepAlive(ctx, request, reply, found.session, token)
}

/** A page is shown even when the note of the visit cannot be written (a full disk, a locked database). */
async function keepAlive(ctx: Context, request: FastifyRequest, reply: FastifyReply, session: Session, token: string): Promise<void> {
  try {
    if (await touchSession(ctx, session)) setSessionCookie(ctx, reply, token)
  } catch (error) {
    request.log.warn({ err: error }, 'could not note that a session is in use')
  }
}

/** Makes a session's token known to the browser, in place of whatever it had. */
function setSessionCookie(ctx: Context, reply: FastifyReply, token: string): void {
  reply.setCookie(cookieName(ctx, 'session'), token, cookieOptions(ctx, sessionMs))
}

/** What remains to be done at the door once a session was started: the new cookie, and the visitor's old one away. */
export function carrySession(ctx: Context, request: FastifyRequest, reply: FastifyReply, token: string): void {
  setSessionCookie(ctx, reply, token)
  reply.clearCookie(cookieName(ctx, 'visitor'), cookieOptions(ctx))
  reply.clearCookie(cookieName(ctx, 'step'), cookieOptions(ctx))
  request.visitorToken = undefined
  request.sessionHash = hashToken(token)
}

/** After a right password where a second factor is asked for: this browser alone holds the token of the step. */
export function carryStep(ctx: Context, reply: FastifyReply, token: string): void {
  reply.setCookie(cookieName(ctx, 'step'), token, cookieOptions(ctx, stepMs))
}

/** The token of the step this browser is at, as far as it says. */
export function stepTokenOf(request: FastifyRequest): string | undefined {
  const token = request.cookies[cookieName(request.server.ctx, 'step')]
  return token !== undefined && tokenShape.test(token) ? token : undefined
}

/**
 * Forgets the session and all that this browser keeps of its person. Cookies are ended by name: `"cookies"` in Clear-Site-Data would also take those of every other
 * site below the same registrable domain, and the word about what happened that goes along with this answer.
 */
export function clearSession(ctx: Context, reply: FastifyReply): void {
  for (const name of ['session', 'step', 'flash'] as const) reply.clearCookie(cookieName(ctx, name), cookieOptions(ctx))
  reply.header('clear-site-data', '"cache", "storage"')
}

/** The token of a visitor who is not signed in, given at the first page with a form: CSRF tokens hang on it. */
export function visitorTokenFor(request: FastifyRequest, reply: FastifyReply): string {
  const { ctx } = request.server
  if (request.visitorToken === undefined) {
    request.visitorToken = ctx.random.token()
    reply.setCookie(cookieName(ctx, 'visitor'), request.visitorToken, cookieOptions(ctx))
  }
  return request.visitorToken
}
