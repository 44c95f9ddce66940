import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { constants } from 'node:zlib'
import compress from '@fastify/compress'
import cookie from '@fastify/cookie'
import createFastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { allowOtherOrigins } from '#server/api/cors.ts'
import { guardTokens } from '#server/api/guard-tokens.ts'
import { apiRoutes } from '#server/api/routes.ts'
import { withoutTrailingSlash } from '#server/api/trailing-slash.ts'
import type { Context } from '#server/context.ts'
import { federationRoutes } from '#server/federation/routes.ts'
import { createQuickDoor, type QuickDoor } from '#server/federation/serve/quick-door.ts'
import { serveRoutes } from '#server/federation/serve/routes.ts'
import { createClientAddress } from '#server/platform/client-address.ts'
import { createRequestIds } from '#server/platform/log.ts'
import { acceptConstraint, prefersActivity } from '#server/web/accept.ts'
import { guardRoutes, listRoutes } from '#server/web/access.ts'
import { setCacheRules } from '#server/web/cache-rules.ts'
import { refuseForgedRequests } from '#server/web/csrf.ts'
import { answerErrors, answerUnroutable } from '#server/web/error-answers.ts'
import { checkHosts, pathOfTarget } from '#server/web/host-check.ts'
import { machineRoutes } from '#server/web/machine-routes.ts'
import { carryForms } from '#server/web/parse-forms.ts'
import { parseQuery } from '#server/web/parse-query.ts'
import { limitRates } from '#server/web/rate-limits.ts'
import { createRenderer } from '#server/web/render.ts'
import { logRequests } from '#server/web/request-log.ts'
import { webRoutes } from '#server/web/routes.ts'
import { securityHeaders, setSecurityHeaders } from '#server/web/security-headers.ts'
import { recogniseVisitors } from '#server/web/session.ts'
import { endSilentConnections } from '#server/web/silent-connections.ts'
import { watchProxies } from '#server/web/watch-proxies.ts'
import { varyByAccept } from '#server/web/vary.ts'

const MiB = 1024 ** 2
/** A connection gets so long to send its headers, and a whole request; what is slower is cut off. */
const headersMs = 15_000
const requestMs = 30_000
const connectionsCheckMs = 2_000
const keepAliveMs = 72_000
/** A connection on which nothing moves for so long, neither way, is ended: whoever asks and takes nothing of the answer would have us hold it for ever. Streams say something more often. */
const stalledMs = 90_000
const parameterCharactersMax = 600
/** Smaller answers are sent as they are. */
const compressFromBytes = 1_024
/** Brotli at this level costs little more than gzip and packs better; higher ones cost ten times as much. */
const brotliLevel = 4

const viewsDir = join(import.meta.dirname, '../views')

/** The Context behind its doors, ready to listen or to be asked in a test. A renderer that is given may be shared by many instances of one process. */
export async function createApp(
  ctx: Context,
  renderer = createRenderer({ viewsDir, messages: ctx.messages, isDev: false, secret: ctx.random.token() })
): Promise<FastifyInstance> {
  const { trustProxy } = ctx.config.server
  const newRequestId = createRequestIds(ctx.random.token().slice(0, 6))
  const app: FastifyInstance = createFastify<Server>({
    loggerInstance: ctx.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: newRequestId,
    // Without a named proxy, what a request says of where it comes from is not believed.
    trustProxy: trustProxy.length > 0 ? trustProxy : false,
    bodyLimit: MiB,
    requestTimeout: requestMs,
    keepAliveTimeout: keepAliveMs,
    connectionTimeout: stalledMs,
    http: { headersTimeout: headersMs, connectionsCheckingInterval: connectionsCheckMs },
    rewriteUrl: (request) => withoutTrailingSlash(pathOfTarget(request)),
    routerOptions: { maxParamLength: parameterCharactersMax, querystringParser: parseQuery, constraints: { accept: acceptConstraint } },
    frameworkErrors: answerUnroutable(() => app)
  })
  app.decorate('ctx', ctx)
  app.decorate('renderer', renderer)

  endSilentConnections(app)
  // Node forgets whom a connection came from when it ends, unless it was asked before: whoever sends and leaves is still counted.
  app.server.on('connection', (socket) => void socket.remoteAddress)
  // In this order, before any route sees a request.
  setSecurityHeaders(app)
  const noteAnswer = logRequests(app)
  allowOtherOrigins(app)
  watchProxies(app)
  await app.register(cookie)
  checkHosts(app)
  listRoutes(app)
  answerErrors(app)

  // Other servers come in here all day long, known by their signatures: forms, visitors and what bounds them play no part there.
  await app.register(async (door) => federationRoutes(door, ctx))

  varyByAccept(app)
  setCacheRules(app)
  await app.register(compress, {
    // What is sent to us is as large as it looks: no browser packs a form, and what unpacks to more would be held back halfway.
    globalDecompression: false,
    threshold: compressFromBytes,
    encodings: ['br', 'gzip'],
    customTypes: /^(text\/(html|plain)|application\/(activity\+json|ld\+json|json|jrd\+json|xrd\+xml))/,
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: brotliLevel } }
  })
  await limitRates(app)
  recogniseVisitors(app)
  guardRoutes(app)
  guardTokens(app)
  carryForms(app)
  refuseForgedRequests(app)

  answerQuickly(
    app,
    createQuickDoor(ctx, {
      wantsDocument: prefersActivity,
      headers: securityHeaders(ctx.config.isHttps),
      newRequestId,
      addressOf: createClientAddress(trustProxy),
      note: noteAnswer
    })
  )

  // The other doors.
  machineRoutes(app)
  await app.register(async (door) => serveRoutes(door, ctx))
  await app.register(async (door) => apiRoutes(door, ctx))
  await app.register(async (door) => webRoutes(door, ctx))
  return app
}

/** Puts the door for documents that stand rendered before the router. What it does not answer goes on as if it were not there. */
function answerQuickly(app: FastifyInstance, door: QuickDoor): void {
  const [route] = app.server.listeners('request') as ((request: IncomingMessage, response: ServerResponse) => void)[]
  if (!route) throw new Error('The server listens to no requests.')
  let isClosing = false
  app.addHook('preClose', async () => {
    isClosing = true
  })
  app.server.off('request', route)
  app.server.on('request', (request, response) => {
    const isAnswered = !isClosing && door(request, response)
    if (isAnswered === true) return
    if (isAnswered === false) return route(request, response)
    isAnswered.then(
      (wasAnswered) => wasAnswered || route(request, response),
      // The database is away: the usual way says so.
      () => route(request, response)
    )
  })
}
