import type { FastifyInstance, FastifyRequest } from 'fastify'

const pathCharactersMax = 200
/** How long lines that say the same are gathered, and how many different ones. */
const gatherMs = 1_000
const gatheredMax = 500

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
 * One line for each answer, and its time by route in the metrics; what peers send and is taken is told in one line a second (gatherNotes), or a storm of
 * it would fill the log. Queries are never written (they hold what people search), nor
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
  const note = gatherNotes(
    app,
    (gathered) => {
      const { requestId: reqId, method, path, status, ms, ip, count } = gathered
      const times = count > 1 ? { count } : {}
      app.ctx.log.info({ reqId, method, path: path.slice(0, pathCharactersMax), status, ms: Math.round(ms), ip, ...times }, 'answered')
    },
    ({ method, route, status, ms }) => timer.observe({ method, route, status: `${Math.floor(status / 100)}xx` }, ms / 1_000)
  )
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.is404 ? 'none' : (request.routeOptions.url ?? 'none')
    const seconds = reply.elapsedTime / 1_000
    const isLasting = request.routeOptions.config?.isLasting === true
    if (request.routeOptions.config?.access === 'peer' && reply.statusCode === 202) {
      const { id: requestId, method, ip } = request
      note({ requestId, method, route, path: pathOf(request), status: reply.statusCode, ms: reply.elapsedTime, ip })
      return done()
    }
    if (!isLasting)
      timer.observe({ method: request.is404 ? 'ANY' : request.method, route, status: `${Math.floor(reply.statusCode / 100)}xx` }, seconds)
    request.log.info(
      { method: request.method, path: pathOf(request), status: reply.statusCode, ms: Math.round(reply.elapsedTime), ip: request.ip },
      'answered'
    )
    done()
  })
  return note
}

/** One line for all that one address was answered in the same way within a second: to write it would cost as much as to answer. */
function gatherNotes(
  app: FastifyInstance,
  write: (note: AnswerNote & { count: number }) => void,
  observe: (note: AnswerNote) => void
): (note: AnswerNote) => void {
  const gathered = new Map<string, AnswerNote & { count: number }>()
  let timer: NodeJS.Timeout | undefined
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    for (const note of gathered.values()) write(note)
    gathered.clear()
  }
  app.addHook('onClose', async () => flush())
  return (note) => {
    observe(note)
    const key = `${note.ip} ${note.status} ${note.path}`
    const same = gathered.get(key)
    if (same) same.count += 1
    else gathered.set(key, { ...note, count: 1 })
    if (gathered.size >= gatheredMax) flush()
    else timer ??= setTimeout(flush, gatherMs).unref()
  }
}
