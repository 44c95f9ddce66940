import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '#server/errors.ts'

/** Forms with files that are held in memory at once: of one person, and of all together. */
const perPersonMax = 2
const inAllMax = 12

/**
 * Files of a form stay in memory until it is answered, up to some 64 MB of them, and a sender may take its time: so many at once, and a plain
 * refusal (`too-many`) beyond that. A turn ends with the answer, or with the connection.
 */
export function createUploadTurns(): (request: FastifyRequest, reply: FastifyReply) => void {
  const ofPerson = new Map<number, number>()
  let inAll = 0
  return (request, reply) => {
    const id = request.who?.account.id ?? 0
    const own = ofPerson.get(id) ?? 0
    if (own >= perPersonMax || inAll >= inAllMax) throw new Refusal('too-many', 'errors.busy')
    ofPerson.set(id, own + 1)
    inAll += 1
    reply.raw.once('close', () => {
      inAll -= 1
      const left = (ofPerson.get(id) ?? 1) - 1
      if (left > 0) ofPerson.set(id, left)
      else ofPerson.delete(id)
    })
  }
}
