import { findAccountByHandle, type Handle } from '#server/accounts/find-account.ts'
import type { Context } from '#server/context.ts'
import { askWebFinger } from '#server/federation/ask-webfinger.ts'
import { findOrFetchActor, freshMs } from '#server/federation/fetch-actor.ts'
import { FetchFault } from '#server/federation/fetch-fault.ts'
import type { FetchOptions } from '#server/federation/fetch-document.ts'
import type { Steps } from '#server/federation/resolve/steps.ts'
import type { Resolved } from '#server/peers/fediverse.ts'

/**
 * The account of a handle: ours from our table, one read within a day as we have it, else whoever the domain's WebFinger names. The
 * handle it is kept under is not the one that was typed but the one that its own server, and the domain it claims, agree on.
 */
export async function resolveHandle(ctx: Context, handle: Handle, options: FetchOptions, steps: Steps): Promise<Resolved> {
  const { nameKey: name, domain } = handle
  const known = await findAccountByHandle(ctx.db, domain === null ? name : `${name}@${domain}`, ctx.config)
  if (domain === null) {
    steps.note('resolve.local', { handle: `@${name}` }, known !== undefined)
    return known ? { kind: 'account', accountId: known.id } : { kind: 'nothing' }
  }
  const shown = `@${name}@${domain}`
  if (await ctx.limits.isSuspended(domain)) {
    steps.note('resolve.blocked', { host: domain }, false)
    return { kind: 'nothing' }
  }
  if (known && !options.isForced && ctx.clock.now() - (known.fetchedAt ?? 0) < freshMs) {
    steps.note('resolve.known', { address: shown }, true)
    return { kind: 'account', accountId: known.id }
  }
  const actorUri = await steps.attempt('resolve.webfinger', { host: domain, handle: shown }, async () => {
    const answer = await askWebFinger(ctx, domain, { name, domain }, options)
    if (answer.actorUri === undefined) throw new FetchFault(`WebFinger at ${domain} names no actor.`)
    return answer.actorUri
  })
  const account = actorUri && (await steps.attempt('resolve.actor', { address: actorUri }, () => findOrFetchActor(ctx, actorUri, options)))
  if (account) return { kind: 'account', accountId: account.id }
  // Its server does not answer now: what we knew of it still stands.
  return known && known.deletedAt === null ? { kind: 'account', accountId: known.id } : { kind: 'nothing' }
}
