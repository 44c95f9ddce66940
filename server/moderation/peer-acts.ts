import { and, eq, isNotNull, isNull } from 'drizzle-orm'
import { deliveries, peers } from '#db/schema/peers.ts'
import { requireRole, type Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { jobsTopic } from '#server/jobs/enqueue.ts'
import { recordAudit } from '#server/moderation/record-audit.ts'
import { noteMisses } from '#server/peers/reach.ts'
import { removeFinishedActivities } from '#server/peers/write-activity.ts'

/** Opens the way to a server that is held: one delivery tries it now, and its dead letters go again. Refuses `missing` for an unknown one. */
export async function tryPeer(ctx: Context, who: Who, host: string): Promise<void> {
  requireRole(who, 'moderator')
  await ctx.transact(async (tx) => {
    const [peer] = await tx.update(peers).set({ heldUntil: tx.now, isBacklogged: true }).where(eq(peers.host, host)).returning()
    if (!peer) throw new Refusal('missing', 'errors.missing')
    await tx
      .update(deliveries)
      .set({ deadAt: null, attempts: 0, runAt: tx.now, lockedUntil: null })
      .where(and(eq(deliveries.host, host), isNotNull(deliveries.deadAt)))
    await recordAudit(tx, who, { act: 'peer-tried', targetKind: 'domain', target: host, targetLabel: host })
    tx.signal(jobsTopic)
  })
}

/** Forgets everything that waits for a server, or was given up. How much it was. */
export async function dropPeerQueue(ctx: Context, who: Who, host: string): Promise<number> {
  requireRole(who, 'admin')
  return ctx.transact(async (tx) => {
    const gone = await tx
      .delete(deliveries)
      .where(and(eq(deliveries.host, host), isNull(deliveries.lockedUntil)))
      .returning({ activityId: deliveries.activityId, inboxUrl: deliveries.inboxUrl, host: deliveries.host })
    if (gone.length === 0) throw new Refusal('missing', 'errors.nothingWaits', { host })
    await noteMisses(tx, gone)
    await removeFinishedActivities(
      tx,
      gone.map(({ activityId }) => activityId)
    )
    await recordAudit(tx, who, {
      act: 'peer-dropped',
      targetKind: 'domain',
      target: host,
      targetLabel: host,
      details: { count: gone.length }
    })
    return gone.length
  })
}
