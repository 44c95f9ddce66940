import { LRUCache } from 'lru-cache'
import type { Context } from '#server/context.ts'
import { createFollowerParts } from '#server/federation/follower-sync/follower-parts.ts'
import { toSyncHeader } from '#server/federation/follower-sync/header.ts'
import { followersOf, followersSynchronizationOf } from '#server/federation/vocabulary/addresses.ts'
import { hostOf } from '#server/platform/host-names.ts'
import { onePer } from '#server/platform/one-per.ts'

/** Activities under way whose audience is remembered. */
const activitiesMax = 500

interface Outgoing {
  activityId: number
  actorId: number
  inboxUrl: string
  /** The activity as it is sent. */
  body: string
}

const announcementsOf = onePer((ctx: Context) => ({
  parts: createFollowerParts(ctx),
  isForFollowers: new LRUCache<number, boolean>({ max: activitiesMax })
}))

/**
 * What a delivery says of its author's followers on the receiving server (FEP-8fcf), as the value of `Collection-Synchronization`: only with what is
 * addressed to the followers, and only where somebody follows. `actorUri` is the author's id. It reads no body twice and no list of followers for each server.
 */
export async function announceFollowers(ctx: Context, actorUri: string, delivery: Outgoing): Promise<string | undefined> {
  // Where nobody's signature is looked at, nobody could be shown the list.
  if (ctx.config.federation.authorizedFetch === 'off') return undefined
  const { parts, isForFollowers } = announcementsOf(ctx)
  let isMeant = isForFollowers.get(delivery.activityId)
  if (isMeant === undefined) isForFollowers.set(delivery.activityId, (isMeant = namesFollowers(delivery.body, followersOf(actorUri))))
  const host = isMeant ? hostOf(delivery.inboxUrl) : undefined
  const digest = host === undefined ? undefined : await parts.digestAt(delivery.actorId, host)
  if (digest === undefined) return undefined
  return toSyncHeader({ collectionId: followersOf(actorUri), url: followersSynchronizationOf(actorUri), digest })
}

function namesFollowers(body: string, followersUri: string): boolean {
  // Most of what does not name them has not even the word, and need not be parsed.
  if (!body.includes(followersUri)) return false
  const { to, cc } = JSON.parse(body) as { to?: unknown; cc?: unknown }
  return [to, cc].flat().includes(followersUri)
}
