import type { FastifyInstance, FastifyRequest } from 'fastify'
import { findLocalAccount } from '#server/accounts/find-account.ts'
import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { loadActor } from '#server/federation/outbound/load-actor.ts'
import { answerDocument } from '#server/federation/serve/answer.ts'
import { forPeers } from '#server/federation/serve/for-peers.ts'
import type { Viewers } from '#server/federation/serve/viewers.ts'
import { toActorTombstone } from '#server/federation/vocabulary/to-actor.ts'

export type NameRequest = FastifyRequest<{ Params: { name: string } }>

const permanently = 301

/** `/@name`: the actor (its page lies at the same address), a tombstone once it is erased. Names in other letters lead to the one way to write them. */
export function actorRoutes(app: FastifyInstance, ctx: Context, viewers: Viewers): void {
  app.get('/@:name', forPeers, async (request: NameRequest, reply) => {
    const account = await findLocalAccount(ctx.db, request.params.name)
    if (!account) throw new Refusal('missing', 'errors.missing')
    if (account.deletedAt !== null) return answerDocument(request, reply, toActorTombstone(account), 'public', 410)
    if (account.name !== request.params.name) return reply.header('vary', 'Accept').redirect(account.uri, permanently)
    await viewers.admit(request)
    return answerDocument(request, reply, await loadActor(ctx, account), 'public')
  })
}

/** The account whose collections are asked for. Refusal 'missing' when there is none, or it is suspended; 'gone' when erased. */
export async function getOpenAccount(ctx: Context, viewers: Viewers, request: NameRequest): Promise<Account> {
  const account = await findLocalAccount(ctx.db, request.params.name)
  if (!account || account.suspendedAt !== null) throw new Refusal('missing', 'errors.missing')
  if (account.deletedAt !== null) throw new Refusal('gone', 'errors.text410')
  await viewers.admit(request, account.id)
  return account
}
