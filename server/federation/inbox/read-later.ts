import type { Context } from '#server/context.ts'
import { findByUris } from '#server/accounts/find-by-uris.ts'
import type { Inbound } from '#server/federation/inbox/inbound.ts'
import { publicAudience } from '#server/federation/vocabulary/context.ts'
import { isBlocking } from '#server/follows/find-follow.ts'
import type { NewJob } from '#server/jobs/enqueue.ts'
import { fetchJob } from '#server/jobs/fetch-job.ts'
import { followerHere, namedHere } from '#server/peers/on-behalf.ts'

/** What a Create by id alone said of the post it names. */
export interface Announced {
  uri: string
  /** Who said it; of a post of anybody else nothing of it counts. */
  authorId?: number
  /** Whose key its server is asked with; the instance's when absent. */
  readerId?: number
  /** Whom the activity addressed, as far as it decides who may see the post. */
  to?: string[]
  cc?: string[]
  /** Owner of the personal inbox it came to. */
  ownerId?: number
}

/**
 * The job that reads a post of which its author's Create said the id alone. What is not for everybody is served to those it is for alone, so that it is asked
 * with their key: that of the owner of the inbox, else of the first who is addressed here, else of a follower when followers are.
 */
export async function readingJob(ctx: Context, inbound: Inbound, uri: string): Promise<NewJob> {
  const { actor, owner, activity } = inbound
  const readerId = await findReader(ctx, inbound)
  const people = await findByUris(ctx.db, [...activity.to, ...activity.cc])
  const isKept = (id: string) => id === publicAudience || id === actor.followersUrl || people.get(id)?.isOurs === true
  const announced: Announced = {
    uri,
    authorId: actor.id,
    to: activity.to.filter(isKept),
    cc: activity.cc.filter(isKept),
    ...(readerId === undefined ? {} : { readerId }),
    ...(owner === undefined ? {} : { ownerId: owner.id })
  }
  // Each owner of an inbox it comes to may see it, so that none of their copies may stand for another's.
  const of = readerId === undefined ? uri : `${uri} ${owner?.id ?? 'shared'}`
  return fetchJob('fetch-post', of, { ...announced })
}

/** Who of ours may read what an activity names at its actor's server; undefined when everybody may, or nobody here is meant. */
export async function findReader(ctx: Context, { actor, owner, activity }: Inbound): Promise<number | undefined> {
  const addressed = [...activity.to, ...activity.cc]
  if (addressed.includes(publicAudience)) return undefined
  if (owner && !(await isBlocking(ctx.db, owner.id, actor.id))) return owner.id
  const named = await namedHere(ctx.db, addressed, actor.id)
  if (named !== undefined) return named
  const isForFollowers = actor.followersUrl !== null && addressed.includes(actor.followersUrl)
  return isForFollowers ? followerHere(ctx.db, [actor.id]) : undefined
}
