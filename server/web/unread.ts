import type { FastifyRequest } from 'fastify'
import { countUnread } from '#server/notifications/count-unread.ts'

const counted = new WeakMap<FastifyRequest, Promise<number>>()

/** How many notifications whoever asks has not read (as of countUnread), for all parts of one answer; 0 for those not signed in. */
export function unreadOf(request: FastifyRequest): Promise<number> {
  const { who, server } = request
  if (!who) return Promise.resolve(0)
  const known = counted.get(request)
  if (known) return known
  const count = countUnread(server.ctx, who)
  counted.set(request, count)
  return count
}
