import type { FastifyInstance } from 'fastify'
import type { Context } from '#server/context.ts'
import { readId } from '#server/platform/ids.ts'
import { asked } from '#server/web/asked.ts'
import { createConnections } from '#server/web/live/connections.ts'
import { liveStateOf } from '#server/web/live/state.ts'
import { createTelling } from '#server/web/live/tell.ts'

/** No cache and no proxy keeps it, nor waits for more before passing it on. */
const headers = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' }

/**
 * `/events?since=<id of a post>`: what changes while a page is open, as server-sent events for whoever asks for these, else as it stands now,
 * in JSON. It ends with the session, and when this process stops.
 */
export function eventRoutes(app: FastifyInstance, ctx: Context): void {
  const connections = createConnections(ctx.random, () => telling.adjust())
  const telling = createTelling(ctx, connections)
  app.addHook('preClose', async () => {
    for (const connection of [...connections.all]) connections.end(connection)
  })

  app.get('/events', { config: { access: 'signed-in', cache: 'none', isLasting: true } }, async (request, reply) => {
    const who = request.who!
    const since = readId(asked(request, 'since')) ?? 0
    const state = await liveStateOf(ctx, who, since)
    const isListening = request.method === 'GET' && /\btext\/event-stream\b/.test(request.headers.accept ?? '')
    if (!isListening) return reply.header('cache-control', 'no-store').send(state)
    const connection = connections.open(who, who.sessionId!, since)
    connections.say(connection, 'state', state)
    return reply.headers(headers).send(connection.stream)
  })
}
