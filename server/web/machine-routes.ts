import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { measureHealth } from '#server/doctor/measure.ts'
import { Refusal, StartError } from '#server/errors.ts'

/** With this file in the secrets directory, whoever brings its content as a bearer token may read /metrics from anywhere. */
const metricsTokenFileName = 'metrics.token'
const tokenCharactersMin = 16

const loopbackAddress = /^(?:::ffff:)?127(?:\.\d{1,3}){3}$|^::1$/
const loopbackHost = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i
const tracesOfProxies = ['x-forwarded-for', 'x-forwarded-host', 'forwarded', 'x-real-ip', 'via']

const forMachines = { config: { access: 'anyone', rateLimit: false } } as const

/** What process managers, load balancers and Prometheus ask. */
export function machineRoutes(app: FastifyInstance): void {
  const { ctx } = app
  const metricsToken = readMetricsToken(ctx.config.secretsDir)
  measureHealth(ctx)

  /** The process answers. */
  app.get('/livez', forMachines, async (_request, reply) => reply.header('cache-control', 'no-store').send('ok\n'))

  /** The database answers, and has the schema of this code. */
  app.get('/readyz', forMachines, async (request, reply) => {
    reply.header('cache-control', 'no-store')
    try {
      const { applied, known } = await ctx.database.schemaVersion()
      if (applied === known) return reply.send('ok\n')
    } catch (error) {
      request.log.warn({ err: error }, 'the database does not answer')
    }
    return reply.code(503).send('not ready\n')
  })

  app.get('/metrics', forMachines, async (request, reply) => {
    if (!isFromThisMachine(request) && !holdsToken(request, metricsToken)) throw new Refusal('missing', 'errors.missing')
    const { contentType, text } = await ctx.metrics.render()
    return reply.header('cache-control', 'no-store').type(contentType).send(text)
  })
}

/** Behind a reverse proxy everybody comes from this machine: a request that shows any sign of one does not count as ours. */
function isFromThisMachine(request: FastifyRequest): boolean {
  const { headers, socket } = request.raw
  if (!loopbackAddress.test(socket.remoteAddress ?? '') || tracesOfProxies.some((name) => headers[name] !== undefined)) return false
  return loopbackHost.test(headers.host ?? '')
}

function holdsToken(request: FastifyRequest, token: string | undefined): boolean {
  const given = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (token === undefined || given === undefined) return false
  const [a, b] = [Buffer.from(given), Buffer.from(token)]
  return a.length === b.length && timingSafeEqual(a, b)
}

function readMetricsToken(secretsDir: string): string | undefined {
  const path = join(secretsDir, metricsTokenFileName)
  try {
    const token = readFileSync(path, 'utf8').trim()
    if (token.length < tokenCharactersMin) {
      throw new StartError(`The token in ${path} is too short: use ${tokenCharactersMin} characters or more.`)
    }
    return token
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
