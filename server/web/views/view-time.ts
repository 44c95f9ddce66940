import type { FastifyRequest } from 'fastify'
import { type TimeView, toTimeView } from '#server/web/views/time-view.ts'

/** A moment (ms since 1970) for whoever asks. */
export function viewTime({ server, t }: FastifyRequest, at: number): TimeView {
  return toTimeView(new Date(at), new Date(server.ctx.clock.now()), t)
}
