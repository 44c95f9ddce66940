import { eq, inArray, sql } from 'drizzle-orm'
import { prepare, type Tx } from '#db/reader.ts'
import { peers } from '#db/schema/peers.ts'
import { waitAfter } from '#server/jobs/backoff.ts'
import { jobsTopic } from '#server/jobs/enqueue.ts'
import { holdMsMax } from '#server/peers/peer-state.ts'
import type { Random } from '#server/platform/random.ts'

/** Failures in a row after which a host is held although it answers something each time. */
const failuresBeforeHold = 5
/** The time of the last exchange is written down at most this often. */
const noteMs = 60_000

const wordsOf = prepare((tx: Tx) =>
  tx
    .select({ lastReceivedAt: peers.lastReceivedAt, failingSince: peers.failingSince, heldUntil: peers.heldUntil })
    .from(peers)
    .where(eq(peers.host, sql.placeholder('host')))
)

const noteHeard = prepare((tx: Tx) =>
  tx
    .update(peers)
    .set({ lastReceivedAt: sql`${sql.placeholder('now')}` })
    .where(eq(peers.host, sql.placeholder('host')))
)

type Peer = typeof peers.$inferSelect

/** When a host was heard, and how it fares. */
export type HostWords = Pick<Peer, 'lastReceivedAt' | 'failingSince' | 'heldUntil'>

export type HostOutcome =
  | { kind: 'delivered'; signatureKind: 'cavage' | 'rfc9421' }
  /** It answered, and did not take what it was sent. */
  | { kind: 'answered' }
  | { kind: 'failed'; error: string; isHostDown: boolean; retryAfterMs?: number }

/**
 * Writes down how hosts fared. One that is down, or fails again and again, is held: nothing is sent to it until the wait is
 * over, and then one delivery tries the way. Gives those that are held now.
 */
export async function noteHostOutcomes(tx: Tx, outcomes: ReadonlyMap<string, HostOutcome>, random: Random): Promise<string[]> {
  const known = await findOrAddPeers(tx, outcomes)
  const held: string[] = []
  const delivered: string[] = []
  for (const [host, outcome] of outcomes) {
    const peer = known.get(host)
    if (!peer) continue
    if (outcome.kind === 'failed') {
      if (await noteFailure(tx, peer, outcome, random)) held.push(host)
    } else if (await noteSuccess(tx, peer, outcome)) delivered.push(host)
  }
  if (delivered.length > 0) await tx.update(peers).set({ lastDeliveredAt: tx.now }).where(inArray(peers.host, delivered))
  return held
}

/** The rows of these hosts; those met for the first time are written. */
async function findOrAddPeers(tx: Tx, outcomes: ReadonlyMap<string, HostOutcome>): Promise<Map<string, Peer>> {
  const hosts = [...outcomes.keys()]
  if (hosts.length === 0) return new Map()
  const rows = await tx.select().from(peers).where(inArray(peers.host, hosts))
  const found = new Map(rows.map((row) => [row.host, row]))
  const fresh = hosts.filter((host) => !found.has(host)).map((host) => ({ host, firstSeenAt: tx.now }))
  if (fresh.length > 0) {
    for (const row of await tx.insert(peers).values(fresh).onConflictDoNothing().returning()) found.set(row.host, row)
  }
  return found
}

/** Gives whether all there is to note is the time. */
async function noteSuccess(tx: Tx, peer: Peer, outcome: Exclude<HostOutcome, { kind: 'failed' }>): Promise<boolean> {
  const isWell = peer.failingSince === null && peer.heldUntil === null && peer.failuresCount === 0
  const isDelivered = outcome.kind === 'delivered'
  if (isWell && (!isDelivered || peer.signatureKind === outcome.signatureKind)) {
    return isDelivered && tx.now - (peer.lastDeliveredAt ?? 0) >= noteMs
  }
  await tx
    .update(peers)
    .set({
      ...(isDelivered ? { lastDeliveredAt: tx.now, signatureKind: outcome.signatureKind } : {}),
      failingSince: null,
      failuresCount: 0,
      heldUntil: null,
      lastError: null
    })
    .where(eq(peers.host, peer.host))
  return false
}

/** Gives whether the host is held now. */
async function noteFailure(tx: Tx, peer: Peer, outcome: Extract<HostOutcome, { kind: 'failed' }>, random: Random): Promise<boolean> {
  // Two were under way when it went down: that is one failure.
  if ((peer.heldUntil ?? 0) > tx.now) return true
  const failuresCount = peer.failuresCount + 1
  const isHeld = outcome.isHostDown || failuresCount >= failuresBeforeHold
  const waitMs = Math.max(waitAfter(failuresCount, random) ?? holdMsMax, outcome.retryAfterMs ?? 0)
  await tx
    .update(peers)
    .set({
      failuresCount,
      failingSince: peer.failingSince ?? tx.now,
      lastError: outcome.error,
      ...(isHeld ? { heldUntil: tx.now + waitMs, isBacklogged: true } : {})
    })
    .where(eq(peers.host, peer.host))
  return isHeld
}

/**
 * A signed message came from a host: it lives, so whatever is held for it is tried now, at its first word since it began to fail and
 * then at most once a minute, since a host may well speak and not listen. `words` is for whoever has read them in this transaction already.
 */
export async function hearFromHost(tx: Tx, host: string, words?: { of: HostWords | undefined }): Promise<void> {
  const peer = words ? words.of : (await wordsOf(tx, { host }))[0]
  if (!peer) {
    await tx.insert(peers).values({ host, firstSeenAt: tx.now, lastReceivedAt: tx.now }).onConflictDoNothing()
    return
  }
  const heardAt = peer.lastReceivedAt ?? 0
  const isFirstSinceFailing = peer.failingSince !== null && heardAt < peer.failingSince
  if (tx.now - heardAt < noteMs && !isFirstSinceFailing) return
  if ((peer.heldUntil ?? 0) <= tx.now) {
    await noteHeard(tx, { host, now: tx.now })
    return
  }
  await tx.update(peers).set({ lastReceivedAt: tx.now, heldUntil: tx.now }).where(eq(peers.host, host))
  tx.signal(jobsTopic)
}
