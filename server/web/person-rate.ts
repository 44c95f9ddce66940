import type { FastifyRequest } from 'fastify'
import { Refusal } from '#server/errors.ts'

/** Counts of more people than this are forgotten together: it bounds the memory, and nobody gains more than one window by it. */
const peopleMax = 10_000

/** Bounds how often one signed-in person asks something of this process, which pages do far more often than addresses are bounded for. Refusal('too-many'). */
export function createPersonRate({ max, windowMs }: { max: number; windowMs: number }): (request: FastifyRequest) => void {
  const counts = new Map<number, { count: number; endsAt: number }>()
  return ({ who }) => {
    const id = who!.account.id
    const now = performance.now()
    const known = counts.get(id)
    if (known && known.endsAt > now) {
      if (++known.count > max) throw new Refusal('too-many', 'errors.tooMany', { retryAfterMs: Math.ceil(known.endsAt - now) })
      return
    }
    if (counts.size >= peopleMax) counts.clear()
    counts.set(id, { count: 1, endsAt: now + windowMs })
  }
}
