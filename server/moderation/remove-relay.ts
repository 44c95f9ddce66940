import { eq } from 'drizzle-orm'
import { relays } from '#db/schema/relays.ts'
import { requireRole, type Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { record } from '#server/facts.ts'
import { recordAudit } from '#server/moderation/record-audit.ts'

/** Ends a subscription; the posts it brought stay. Fact `relay-removed`. Refuses `missing` when there is none. */
export async function removeRelay(ctx: Context, who: Who, { relayId }: { relayId: number }): Promise<void> {
  requireRole(who, 'admin')
  await ctx.transact(async (tx) => {
    const [relay] = await tx.delete(relays).where(eq(relays.id, relayId)).returning()
    if (!relay) throw new Refusal('missing', 'errors.missing')
    const { kind, inboxUrl, actorUri, followUri } = relay
    const targetLabel = actorUri ?? inboxUrl
    await recordAudit(tx, who, { act: 'relay-removed', targetKind: 'relay', target: String(relayId), targetLabel })
    await record(tx, 'relay-removed', { relayId, kind, inboxUrl, actorUri, followUri })
  })
}
