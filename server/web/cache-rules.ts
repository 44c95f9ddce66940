import type { FastifyInstance } from 'fastify'

/**
 * An answer that says nothing of caches (a redirect, most often) still depends on who asked: it is for nobody else, and what a route
 * declares as never to be kept is not kept, whatever the answer. Documents for peers and files say their own rules.
 */
export function setCacheRules(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply) => {
    if (reply.hasHeader('cache-control')) return
    const isNeverKept = request.routeOptions.config?.cache === 'none'
    reply.header('cache-control', isNeverKept ? 'no-store' : 'private, no-cache')
  })
}
