import type { FastifyInstance } from 'fastify'
import { findInstanceActor } from '#server/accounts/instance-actor.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { loadActor } from '#server/federation/outbound/load-actor.ts'
import { answerDocument } from '#server/federation/serve/answer.ts'
import { followersOf, followingOf, outboxOf } from '#server/federation/vocabulary/addresses.ts'
import { toCollection } from '#server/federation/vocabulary/to-collection.ts'

const forPeers = { config: { access: 'peer' } } as const

/**
 * The actor that signs our GETs. It is served to everybody, whatever they accept and whether they sign: a peer that checks our
 * signature must be able to read its key without being asked for one itself.
 */
export async function instanceActorRoutes(app: FastifyInstance, ctx: Context): Promise<void> {
  const actor = await getActor(ctx)
  const path = new URL(actor.uri).pathname

  app.get(path, forPeers, async (request, reply) => answerDocument(request, reply, await loadActor(ctx, await getActor(ctx)), 'public'))
  for (const addressOf of [outboxOf, followersOf, followingOf]) {
    app.get(new URL(addressOf(actor.uri)).pathname, forPeers, async (request, reply) =>
      answerDocument(request, reply, toCollection({ uri: addressOf(actor.uri), totalItems: 0, isOrdered: true }), 'public')
    )
  }
}

async function getActor(ctx: Context) {
  const actor = await findInstanceActor(ctx.db)
  if (!actor) throw new Refusal('unavailable', 'errors.text503')
  return actor
}
