import type { FastifyInstance } from 'fastify'

/** Addresses that are a page and a document at once say so to caches, whichever of the two they answer. */
export function varyByAccept(app: FastifyInstance): void {
  const twofold = new Set<string>()
  app.addHook('onRoute', (route) => {
    if (route.constraints && 'accept' in route.constraints) twofold.add(route.url)
  })
  app.addHook('onSend', async (request, reply) => {
    if (!twofold.has(request.routeOptions.url ?? '')) return
    const vary = String(reply.getHeader('vary') ?? '')
    if (!/\baccept\b(?!-)/i.test(vary)) reply.header('vary', vary === '' ? 'Accept' : `${vary}, Accept`)
  })
}
