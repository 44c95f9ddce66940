import { and, eq, isNotNull } from 'drizzle-orm'
import { jobs } from '#db/schema/jobs.ts'
import { deliveries } from '#db/schema/peers.ts'
import { requireRole, type Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { jobsTopic } from '#server/jobs/enqueue.ts'
import { recordAudit } from '#server/moderation/record-audit.ts'

/**
 * Puts dead letters back into their queue as if they were new: one job or delivery by id, or all. Refuses `missing` when no dead letter
 * has that id.
 */
export async function retryFailed(ctx: Context, who: Who, which: number | 'all'): Promise<{ jobs: number; deliveries: number }> {
  requireRole(who, 'admin')
  return ctx.transact(async (tx) => {
    const again = { deadAt: null, attempts: 0, runAt: tx.now, lockedUntil: null }
    const jobsBack = await tx
      .update(jobs)
      .set({ ...again, lease: null })
      .where(and(isNotNull(jobs.deadAt), which === 'all' ? undefined : eq(jobs.id, which)))
      .returning({ id: jobs.id })
    const deliveriesBack = await tx
      .update(deliveries)
      .set(again)
      .where(and(isNotNull(deliveries.deadAt), which === 'all' ? undefined : eq(deliveries.id, which)))
      .returning({ id: deliveries.id })
    const counts = { jobs: jobsBack.length, deliveries: deliveriesBack.length }
    if (which !== 'all' && counts.jobs + counts.deliveries === 0) throw new Refusal('missing', 'errors.noDeadLetter', { id: String(which) })
    await recordAudit(tx, who, {
      act: 'failed-retried',
      targetKind: 'setting',
      target: 'queue',
      targetLabel: String(which),
      details: counts
    })
    tx.signal(jobsTopic)
    return counts
  })
}
