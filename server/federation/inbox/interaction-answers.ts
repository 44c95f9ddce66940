import type { Context } from '#server/context.ts'
import { type Inbound, isOnHostOf, soleObject } from '#server/federation/inbox/inbound.ts'
import { idOf } from '#server/federation/normal-form/values.ts'
import { findAnswered, type InteractionDetails } from '#server/interactions/find-interaction.ts'

const requestTypes = ['QuoteRequest', 'ReplyRequest', 'LikeRequest', 'AnnounceRequest']

/**
 * What one of ours asked of the actor, as an Accept or Reject names it: by the request's id, by what is repeated inside (`instrument` and `object`, since servers
 * change ids), or by the act alone, as it is done for what came without a request. Only of posts of the actor's own.
 */
export async function findAnsweredInteraction(ctx: Context, inbound: Inbound): Promise<InteractionDetails | undefined> {
  const { id, embedded } = soleObject(inbound)
  const isRequest = embedded !== undefined && requestTypes.includes(String(embedded.type))
  const objectUri = isRequest ? idOf(embedded.instrument) : id
  const targetUri = isRequest ? idOf(embedded.object) : inbound.activity.target?.id
  return findAnswered(ctx.db, inbound.actor.id, {
    ...(id === undefined ? {} : { requestUri: id }),
    ...(objectUri === undefined ? {} : { objectUri }),
    ...(targetUri === undefined ? {} : { targetUri })
  })
}

/** The authorization an Accept brings; before there were any, the Accept stood for it. Undefined unless it is of the actor's own server. */
export function authorizationIn(inbound: Inbound): string | undefined {
  const uri = inbound.activity.authorization ?? inbound.activity.id
  return uri !== undefined && isOnHostOf(inbound, uri) ? uri : undefined
}
