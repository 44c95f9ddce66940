import type { InteractionKind } from '#db/schema/quotes.ts'
import { followersOf } from '#server/federation/vocabulary/addresses.ts'
import { activityStreams, publicAudience } from '#server/federation/vocabulary/context.ts'
import { requestTerms, withTerms } from '#server/federation/vocabulary/interaction-terms.ts'
import type { Activity } from '#server/federation/vocabulary/to-activity.ts'

const nameOf: Record<InteractionKind, string> = { quote: 'Quote', reply: 'Reply', like: 'Like', announce: 'Announce' }
const context = withTerms([activityStreams], requestTerms)

/** Somebody's act with a post, as requests and their answers name it. */
export interface OutgoingAct {
  kind: InteractionKind
  /** Id of the request; null for what came without one. */
  requestUri: string | null
  actorUri: string
  /** The quoting post, the reply, the Like or the Announce. */
  objectUri: string
  targetUri: string
  targetAuthorUri: string
}

/** Asks a post's author elsewhere: the act comes along whole, so that it can be looked at (FEP-044f, GoToSocial). */
export function toRequest(act: OutgoingAct & { requestUri: string }, instrument: Record<string, unknown>): Activity {
  const { '@context': own, ...bare } = instrument
  const terms = Array.isArray(own) && typeof own[1] === 'object' ? own[1] : {}
  return {
    '@context': withTerms(context, terms as Record<string, unknown>),
    id: act.requestUri,
    type: `${nameOf[act.kind]}Request`,
    actor: act.actorUri,
    to: [act.targetAuthorUri],
    object: act.targetUri,
    instrument: bare
  }
}

/**
 * The answer of a post's author. To a request it goes to whoever asked, with the request repeated; to what came without one it names the act. `isForAll` for what
 * everybody may hear, since others have no other way to learn of it.
 */
export function toDecision(
  type: 'Accept' | 'Reject',
  id: string,
  act: OutgoingAct,
  { authorizationUri, isForAll }: { authorizationUri: string | undefined; isForAll: boolean }
): Activity {
  return {
    '@context': context,
    id,
    type,
    actor: act.targetAuthorUri,
    to: [act.actorUri],
    ...(isForAll ? { cc: [publicAudience, followersOf(act.targetAuthorUri)] } : {}),
    object:
      act.requestUri === null
        ? act.objectUri
        : {
            id: act.requestUri,
            type: `${nameOf[act.kind]}Request`,
            actor: act.actorUri,
            object: act.targetUri,
            instrument: act.objectUri
          },
    ...(act.requestUri === null ? { target: act.targetUri } : {}),
    ...(authorizationUri === undefined ? {} : { result: authorizationUri })
  }
}

/** What proves that a post's author agreed to an act. It embeds neither, so that it shows nobody what it is about. */
export function toAuthorization(act: Pick<OutgoingAct, 'kind' | 'objectUri' | 'targetUri' | 'targetAuthorUri'>, uri: string): object {
  return {
    '@context': context,
    id: uri,
    type: `${nameOf[act.kind]}Authorization`,
    attributedTo: act.targetAuthorUri,
    interactingObject: act.objectUri,
    interactionTarget: act.targetUri
  }
}

/** Takes an authorization back. */
export function toAuthorizationDelete(act: Pick<OutgoingAct, 'kind' | 'actorUri' | 'targetAuthorUri'>, uri: string): Activity {
  return {
    '@context': context,
    id: `${uri}#delete`,
    type: 'Delete',
    actor: act.targetAuthorUri,
    to: [act.actorUri],
    cc: [followersOf(act.targetAuthorUri)],
    object: { id: uri, type: `${nameOf[act.kind]}Authorization` }
  }
}
