import { eq } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { peers } from '#db/schema/peers.ts'
import { waitAfter } from '#server/jobs/backoff.ts'
import { jobsTopic } from '#server/jobs/enqueue.ts'
import { holdMsMax } from '#server/peers/peer-state.ts'
import type { Random } from '#server/platform/random.ts'

/** Failures in a row after which a host is held although it answers something each time. */
const failuresBeforeHold = 5
/** The time of the last exchange is written down at most this often. */
const noteMs = 60_000

export type HostOutcome =
  | { kind: 'delivered'; signatureKind: 'cavage' | 'rfc9421' }
  /** It answered, and did not take what it was sent. */
  | { kind: 'answered' }
  | { kind: 'failed'; error: string; isHostDown: boolean; retryAfterMs?: number }

/**
 * Writes down how a host fared. A host that is down, or fails again and again, is held: nothing is sent to it until the wait is
 * over, and then one delivery tries the way. Gives whether it is held now.
 */
export async function noteHostOutcome(tx: Tx, host: string, outcome: HostOutcome, random: Random): Promise<boolean> {
  const [peer] = await tx.select().from(peers).where(eq(peers.host, host))
  if (!peer) await tx.insert(peers).values({ host, firstSeenAt: tx.now }).onConflictDoNothing()
  if (outcome.kind !== 'failed') {
    const isDelivered = outcome.kind === 'delivered'
    const isNews =
      !peer ||
      peer.failingSince !== null ||
      peer.heldUntil !== null ||
      (isDelivered && (peer.signatureKind !== outcome.signatureKind || tx.now - (peer.lastDeliveredAt ?? 0) >= noteMs))
    if (!isNews) return false
    const success = isDelivered ? { lastDeliveredAt: tx.now, signatureKind: outcome.signatureKind } : {}
    await tx
      .update(peers)
      .set({ ...success, failingSince: null, failuresCount: 0, heldUntil: null, lastError: null })
      .where(eq(peers.host, host))
    return false
  }
  // Two were under way when it went down: that is one failure.
  if ((peer?.heldUntil ?? 0) > tx.now) return true
  const failuresCount = (peer?.failuresCount ?? 0) + 1
  const isHeld = outcome.isHostDown || failuresCount >= failuresBeforeHold
  const waitMs = Math.max(waitAfter(failuresCount, random) ?? holdMsMax, outcome.retryAfterMs ?? 0)
  await tx
    .update(peers)
    .set({
      failuresCount,
      failingSince: peer?.failingSince ?? tx.now,
      lastError: outcome.error,
      ...(isHeld ? { heldUntil: tx.now + waitMs, isBacklogged: true } : {})
    })
    .where(eq(peers.host, host))
  return isHeld
}

/**
 * A signed message came from a host: it lives, so whatever is held for it is tried now, at its first word since it began to fail and
 * then at most once a minute, since a host may well speak and not listen.
 */
export async function hearFromHost(tx: Tx, host: string): Promise<void> {
  const [peer] = await tx
    .select({ lastReceivedAt: peers.lastReceivedAt, failingSince: peers.failingSince, heldUntil: peers.heldUntil })
    .from(peers)
    .where(eq(peers.host, host))
  if (!peer) {
    await tx.insert(peers).values({ host, firstSeenAt: tx.now, lastReceivedAt: tx.now }).onConflictDoNothing()
    return
  }
  const heardAt = peer.lastReceivedAt ?? 0
  const isFirstSinceFailing = peer.failingSince !== null && heardAt < peer.failingSince
  if (tx.now - heardAt < noteMs && !isFirstSinceFailing) return
  const isHeld = (peer.heldUntil ?? 0) > tx.now
  await tx
    .update(peers)
    .set({ lastReceivedAt: tx.now, ...(isHeld ? { heldUntil: tx.now } : {}) })
    .where(eq(peers.host, host))
  if (isHeld) tx.signal(jobsTopic)
}
