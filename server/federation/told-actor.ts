import type { CleanActor, ToldKey } from '#server/accounts/received-actor.ts'
import { cleanToldActor } from '#server/accounts/received-actor.ts'
import type { Handle } from '#server/federation/ask-webfinger.ts'
import type { NormalActor, NormalKey } from '#server/federation/normal-form/types.ts'
import { hostOf } from '#server/platform/host-names.ts'

/** An actor's document, which came from the actor's own origin, in the words of accounts/. `keys` undefined leaves those we have. */
export function toToldActor(actor: NormalActor, handle: Handle, keys: readonly NormalKey[] | undefined): CleanActor {
  const { name: _, inbox, sharedInbox, outbox, followers, following, featured, movedTo, keys: __, keyUrls: ___, id, ...same } = actor
  return cleanToldActor({
    ...same,
    uri: id,
    name: handle.name,
    domain: handle.domain,
    inboxUrl: inbox,
    sharedInboxUrl: sharedInbox,
    outboxUrl: ownOnly(outbox, id),
    // What is addressed to these collections is shown to their people: an actor can name only collections of its own server.
    followersUrl: ownOnly(followers, id),
    followingUrl: ownOnly(following, id),
    featuredUrl: ownOnly(featured, id),
    movedToUri: movedTo,
    keys: keys && ownKeys(keys, id)
  })
}

/** Only keys on the actor's own host that name no other owner; each id once. */
export function ownKeys(keys: readonly NormalKey[], actorId: string): ToldKey[] {
  const own = keys.filter((key) => hostOf(key.id) === hostOf(actorId) && (key.owner === undefined || key.owner === actorId))
  return [...new Map(own.map(({ id, kind, publicPem }) => [id, { uri: id, kind, publicPem }])).values()]
}

function ownOnly(url: string | undefined, actorId: string): string | undefined {
  return url !== undefined && hostOf(url) === hostOf(actorId) ? url : undefined
}
