import type { FastifyInstance, FastifyRequest } from 'fastify'

const pathCharactersMax = 200

/**
 * One line for each answer, and its time by route in the metrics. Queries are never written (they hold what people search), nor
 * paths that are secrets themselves.
 */
export function logRequests(app: FastifyInstance): void {
  const timer = app.ctx.metrics.timer('http_request_seconds', 'Time to answer requests, by route.', ['method', 'route', 'status'])
  // A link with a slash too many meets no route, and is a secret all the same.
  const secretBeginnings: string[] = []
  app.addHook('onRoute', ({ url, config }) => {
    if (config?.isPathSecret) secretBeginnings.push(url.slice(0, url.indexOf(':')))
  })
  const pathOf = (request: FastifyRequest): string => {
    const { url, config } = request.routeOptions
    if (!request.is404 && config?.isPathSecret) return url ?? ''
    const path = request.url.split('?', 1)[0]!
    const spelled = path.replace(/^\/+/, '/').toLowerCase()
    const beginning = request.is404 ? secretBeginnings.find((each) => spelled.startsWith(each)) : undefined
    return beginning === undefined ? path.slice(0, pathCharactersMax) : `${beginning}…`
  }
  app.addHook('onResponse', async (request, reply) => {
    const route = request.is404 ? 'none' : (request.routeOptions.url ?? 'none')
    const seconds = reply.elapsedTime / 1_000
    timer.observe({ method: request.is404 ? 'ANY' : request.method, route, status: `${Math.floor(reply.statusCode / 100)}xx` }, seconds)
    request.log.info(
      { method: request.method, path: pathOf(request), status: reply.statusCode, ms: Math.round(reply.elapsedTime), ip: request.ip },
      'answered'
    )
  })
}
