import { and, eq, inArray, isNotNull, isNull, lt, lte, or } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { deliveries, parkedAt } from '#db/schema/peers.ts'
import { waitAfter } from '#server/jobs/backoff.ts'
import type { LeasedDelivery } from '#server/peers/lease-deliveries.ts'
import { type HostOutcome, noteHostOutcomes } from '#server/peers/peer-health.ts'
import { noteMisses } from '#server/peers/reach.ts'
import { holdMsMax, keptMs } from '#server/peers/peer-state.ts'
import type { Random } from '#server/platform/random.ts'
import { removeFinishedActivities } from '#server/peers/write-activity.ts'

/** What became of one delivery. */
export type DeliveryOutcome =
  | { kind: 'delivered'; signatureKind: 'cavage' | 'rfc9421' }
  /** Not ours to send any more (the host is blocked, the sender is gone): forgotten without a trace. */
  | { kind: 'dropped' }
  /** It will never be taken: a dead letter. `isAlive` when the host itself answered. */
  | { kind: 'refused'; error: string; isAlive: boolean }
  /** Nobody lives at this inbox any more: everything for it is forgotten. */
  | { kind: 'gone' }
  /** Try again later. A host that is `down` would take nothing else either; one that is `alive` only would not take this. */
  | { kind: 'failed'; error: string; host: 'alive' | 'unwell' | 'down'; retryAfterMs?: number; triesMax?: number }
  /** Our own doing: the attempt does not count. */
  | { kind: 'postponed'; waitMs: number }

export interface Settled {
  delivery: LeasedDelivery
  outcome: DeliveryOutcome
}

const errorCharactersMax = 500

/** Writes down what became of several deliveries: rows, activities that are done, and how their hosts fare. */
export async function settleDeliveries(tx: Tx, settled: readonly Settled[], random: Random): Promise<void> {
  const done = settled
    .filter(({ outcome }) => outcome.kind === 'delivered' || outcome.kind === 'dropped')
    .map(({ delivery }) => delivery.id)
  if (done.length > 0) await tx.delete(deliveries).where(inArray(deliveries.id, done))
  const gone = [...new Set(settled.filter(({ outcome }) => outcome.kind === 'gone').map(({ delivery }) => delivery.inboxUrl))]
  const ended = settled.map(({ delivery }) => delivery.activityId)
  const missed = settled.filter(({ outcome }) => outcome.kind === 'gone' || outcome.kind === 'dropped')
  await noteMisses(
    tx,
    missed.map(({ delivery }) => delivery)
  )
  if (gone.length > 0) {
    const forgotten = await tx
      .delete(deliveries)
      .where(inArray(deliveries.inboxUrl, gone))
      .returning({ activityId: deliveries.activityId, inboxUrl: deliveries.inboxUrl, host: deliveries.host })
    await noteMisses(tx, forgotten)
    ended.push(...forgotten.map((row) => row.activityId))
  }
  for (const one of settled) await putAside(tx, one, random)
  await removeFinishedActivities(tx, ended)
  for (const host of await noteHostOutcomes(tx, hostOutcomes(settled), random)) await park(tx, host)
}

/** A delivery that did not end well goes back into the queue, or away as a dead letter. */
async function putAside(tx: Tx, { delivery, outcome }: Settled, random: Random): Promise<void> {
  // Whoever leases it next counts one attempt more.
  const isOurs = and(eq(deliveries.id, delivery.id), eq(deliveries.attempts, delivery.attempts), isNotNull(deliveries.lockedUntil))
  if (outcome.kind === 'postponed') {
    await tx
      .update(deliveries)
      .set({ lockedUntil: null, attempts: delivery.attempts - 1, runAt: tx.now + outcome.waitMs })
      .where(isOurs)
  } else if (outcome.kind === 'refused') {
    await tx
      .update(deliveries)
      .set({ lockedUntil: null, lastError: short(outcome.error), deadAt: tx.now })
      .where(isOurs)
  } else if (outcome.kind === 'failed') {
    const isOver = tx.now - delivery.createdAt >= keptMs || delivery.attempts >= (outcome.triesMax ?? Number.POSITIVE_INFINITY)
    const waitMs = Math.max(waitAfter(delivery.attempts, random) ?? holdMsMax, outcome.retryAfterMs ?? 0)
    const next = isOver ? { deadAt: tx.now } : { runAt: tx.now + waitMs }
    await tx
      .update(deliveries)
      .set({ lockedUntil: null, lastError: short(outcome.error), ...next })
      .where(isOurs)
  }
}

/** One verdict a host: whoever answered anything useful is alive. */
function hostOutcomes(settled: readonly Settled[]): Map<string, HostOutcome> {
  const outcomes = new Map<string, HostOutcome>()
  for (const { delivery, outcome } of settled) {
    const before = outcomes.get(delivery.host)
    const isAlive =
      outcome.kind === 'delivered' ||
      outcome.kind === 'gone' ||
      (outcome.kind === 'refused' && outcome.isAlive) ||
      (outcome.kind === 'failed' && outcome.host === 'alive')
    if (outcome.kind === 'delivered') outcomes.set(delivery.host, { kind: 'delivered', signatureKind: outcome.signatureKind })
    else if (isAlive && before?.kind !== 'delivered') outcomes.set(delivery.host, { kind: 'answered' })
    else if (outcome.kind === 'failed' && (before === undefined || before.kind === 'failed')) {
      const retryAfterMs = Math.max(before?.retryAfterMs ?? 0, outcome.retryAfterMs ?? 0)
      const isHostDown = outcome.host === 'down' || before?.isHostDown === true
      outcomes.set(delivery.host, {
        kind: 'failed',
        error: short(outcome.error),
        isHostDown,
        ...(retryAfterMs > 0 ? { retryAfterMs } : {})
      })
    }
  }
  return outcomes
}

/** A held host's deliveries leave the queue; what has waited longer than we keep anything becomes a dead letter. */
async function park(tx: Tx, host: string): Promise<void> {
  const isWaiting = and(
    eq(deliveries.host, host),
    isNull(deliveries.deadAt),
    or(isNull(deliveries.lockedUntil), lt(deliveries.lockedUntil, tx.now))
  )
  await tx
    .update(deliveries)
    .set({ deadAt: tx.now })
    .where(and(isWaiting, lte(deliveries.createdAt, tx.now - keptMs)))
  await tx
    .update(deliveries)
    .set({ runAt: parkedAt })
    .where(and(isWaiting, lt(deliveries.runAt, parkedAt)))
}

function short(text: string): string {
  return text.length > errorCharactersMax ? `${text.slice(0, errorCharactersMax - 1)}…` : text
}
