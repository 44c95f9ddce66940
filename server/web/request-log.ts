import type { FastifyInstance, FastifyRequest } from 'fastify'

const pathCharactersMax = 200

/** What is noted of an answer. */
export interface AnswerNote {
  requestId: string
  method: string
  /** As the router knows it; `none` for what it does not. */
  route: string
  path: string
  status: number
  ms: number
  ip: string
}

/**
 * One line for each answer, and its time by route in the metrics. Queries are never written (they hold what people search), nor
 * paths that are secrets themselves. Gives the way to note what is answered without the router.
 */
export function logRequests(app: FastifyInstance): (answer: AnswerNote) => void {
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
  return ({ requestId, method, route, path, status, ms, ip }) => {
    timer.observe({ method, route, status: `${Math.floor(status / 100)}xx` }, ms / 1_000)
    app.ctx.log.info({ reqId: requestId, method, path: path.slice(0, pathCharactersMax), status, ms: Math.round(ms), ip }, 'answered')
  }
}
