import { eq, or } from 'drizzle-orm'
import { relays } from '#db/schema/relays.ts'
import { findAccount } from '#server/accounts/find-account.ts'
import { findInstanceActor } from '#server/accounts/instance-actor.ts'
import { requireRole, type Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { record } from '#server/facts.ts'
import { recordAudit } from '#server/moderation/record-audit.ts'
import { hostOf } from '#server/platform/host-names.ts'

const relaysMax = 20
const addressCharactersMax = 2_048

interface Place {
  kind: 'mastodon' | 'litepub'
  inboxUrl: string
  host: string
  actorUri: string | null
}

/**
 * Subscribes to a relay by its address: one that ends in `/inbox` is asked as Mastodon asks, any other must lead to the relay's actor, as LitePub has it.
 * Nothing comes or goes before the relay has accepted. Fact `relay-added`. Refusals at `url`: `invalid` for no address, our own, a suspended server's, or
 * one that leads to no actor; `conflict` for one that stands already, and for more than 20.
 */
export async function addRelay(ctx: Context, who: Who, input: { url: string }): Promise<number> {
  requireRole(who, 'admin')
  const place = await findPlace(ctx, input.url.trim())
  return ctx.transact(async (tx) => {
    const actor = await findInstanceActor(tx)
    if (!actor) throw new Refusal('unavailable', 'errors.text503')
    if ((await tx.$count(relays)) >= relaysMax) throw new Refusal('conflict', 'errors.relaysMax', { limit: relaysMax }, 'url')
    const isSame = place.actorUri === null ? undefined : eq(relays.actorUri, place.actorUri)
    const [known] = await tx
      .select({ id: relays.id })
      .from(relays)
      .where(or(eq(relays.inboxUrl, place.inboxUrl), isSame))
    if (known) throw new Refusal('conflict', 'errors.relayKnown', {}, 'url')
    const id = tx.newId()
    await tx.insert(relays).values({ id, ...place, followUri: `${actor.uri}#relay-${id}`, addedAt: tx.now })
    await recordAudit(tx, who, {
      act: 'relay-added',
      targetKind: 'relay',
      target: String(id),
      targetLabel: place.actorUri ?? place.inboxUrl
    })
    await record(tx, 'relay-added', { relayId: id })
    return id
  })
}

async function findPlace(ctx: Context, typed: string): Promise<Place> {
  const url = typed.length > addressCharactersMax ? null : URL.parse(typed)
  const host = url && (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' ? hostOf(url) : undefined
  if (!url || host === undefined) throw new Refusal('invalid', 'errors.relayAddress', {}, 'url')
  if (host === ctx.config.host) throw new Refusal('invalid', 'errors.ownDomain', {}, 'url')
  if (await ctx.limits.isSuspended(host)) throw new Refusal('invalid', 'errors.relaySuspended', { domain: host }, 'url')
  url.hash = ''
  if (url.pathname.endsWith('/inbox')) return { kind: 'mastodon', inboxUrl: url.href, host, actorUri: null }
  const found = await ctx.fediverse.resolve(url.href)
  const actor = found.kind === 'account' ? await findAccount(ctx.db, found.accountId) : undefined
  const inboxHost = actor?.inboxUrl ? hostOf(actor.inboxUrl) : undefined
  // An inbox elsewhere would have us send all posts to somebody who never asked.
  if (!actor?.inboxUrl || inboxHost !== hostOf(actor.uri)) throw new Refusal('invalid', 'errors.relayNoActor', {}, 'url')
  return { kind: 'litepub', inboxUrl: actor.inboxUrl, host: inboxHost ?? host, actorUri: actor.uri }
}
