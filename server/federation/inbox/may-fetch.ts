import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { createRateLimiter } from '#server/federation/gate/host-rates.ts'
import { isFollowedHere } from '#server/follows/find-follow.ts'
import { hostOf } from '#server/platform/host-names.ts'
import { onePer } from '#server/platform/one-per.ts'

/** Fetches that people nobody here follows may cause, a server: each may be a slow one, or one at somebody else's server. */
const strangersRate = { burst: 60, perSecond: 0.5 }
const limiterOf = onePer((_ctx: Context) => createRateLimiter())

/** Whether an actor may have us ask other servers for something now; to be asked only when there is something to fetch. */
export async function mayCauseFetch(ctx: Context, actor: Account): Promise<boolean> {
  if (await isFollowedHere(ctx.db, actor.id)) return true
  return limiterOf(ctx).take(hostOf(actor.uri) ?? '', strangersRate, ctx.clock.now()) === 0
}
