import type { FastifyInstance } from 'fastify'

const yearSeconds = 31_536_000

/** The policy of a page. `formTarget`: where its form leads besides us, by a redirect of ours; browsers look at every hop. */
export function contentSecurityPolicy(formTarget?: string): string {
  const targets = formTarget === undefined ? '' : ` ${formTarget}`
  return ["default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", `form-action 'self'${targets}`].join('; ')
}

/** What every answer tells browsers, errors and redirects included. */
export function securityHeaders(isHttps: boolean): Record<string, string> {
  return {
    'content-security-policy': contentSecurityPolicy(),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'x-frame-options': 'DENY',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()',
    ...(isHttps ? { 'strict-transport-security': `max-age=${yearSeconds}`, 'cross-origin-opener-policy': 'same-origin' } : {})
  }
}

/** Sets them before anything else can answer; a route may still say something stricter. */
export function setSecurityHeaders(app: FastifyInstance): void {
  const headers = securityHeaders(app.ctx.config.isHttps)
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(headers).header('x-request-id', request.id)
    done()
  })
}
