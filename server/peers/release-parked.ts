import { and, asc, eq, inArray, isNull, lt, lte, or, sql } from 'drizzle-orm'
import { deliveries, parkedAt, peers } from '#db/schema/peers.ts'
import type { Context } from '#server/context.ts'

/** Hosts looked at in one go. */
const hostsMax = 50
/** Deliveries of a backlogged host that stand in the queue at once; one while it has yet to show that it is back. */
const releasedMax = 20
const probesMax = 1

/** Lets parked deliveries back into the queue, oldest first and a few at a time, for hosts whose hold has run out. */
export async function releaseParked({ db, transact, clock }: Pick<Context, 'db' | 'transact' | 'clock'>): Promise<void> {
  const now = clock.now()
  const open = await db
    .select({ host: peers.host, failingSince: peers.failingSince })
    .from(peers)
    // In the words of the index peers_backlogged, so that SQLite uses it.
    .where(and(sql`${peers.isBacklogged}`, or(isNull(peers.heldUntil), lte(peers.heldUntil, now))))
    .orderBy(asc(peers.heldUntil))
    .limit(hostsMax)
  const plans: { host: string; ids: number[]; isLast: boolean }[] = []
  for (const { host, failingSince } of open) {
    const places = failingSince === null ? releasedMax : probesMax
    const queued = await db.$count(deliveries, and(eq(deliveries.host, host), isNull(deliveries.deadAt), lt(deliveries.runAt, parkedAt)))
    if (queued >= places) continue
    const parked = await db
      .select({ id: deliveries.id })
      .from(deliveries)
      .where(and(eq(deliveries.host, host), isNull(deliveries.deadAt), eq(deliveries.runAt, parkedAt)))
      .orderBy(asc(deliveries.id))
      .limit(places - queued)
    // A host that is still failing stays backlogged: what comes for it meanwhile must wait behind the probe.
    const isLast = parked.length < places - queued && failingSince === null
    if (parked.length > 0 || isLast) plans.push({ host, ids: parked.map((row) => row.id), isLast })
  }
  if (plans.length === 0) return
  await transact(async (tx) => {
    for (const { host, ids, isLast } of plans) {
      if (ids.length > 0)
        await tx
          .update(deliveries)
          .set({ runAt: tx.now })
          .where(and(inArray(deliveries.id, ids), eq(deliveries.runAt, parkedAt)))
      if (isLast) await tx.update(peers).set({ isBacklogged: false }).where(eq(peers.host, host))
    }
  })
}
