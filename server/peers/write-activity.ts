import { and, asc, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm'
import type { Reader, Tx } from '#db/reader.ts'
import { activities, deliveries, parkedAt, peers } from '#db/schema/peers.ts'
import { jobsTopic } from '#server/jobs/enqueue.ts'
import type { Inbox } from '#server/peers/inbox.ts'
import { isDeadHost } from '#server/peers/peer-state.ts'
import { chunksOf } from '#server/platform/chunks.ts'

/** An activity of ours, and whose key signs it. */
export interface NewActivity {
  uri: string
  actorId: number
  body: string
  /** What it is about, so that it can be taken back before it was sent. */
  objectUri: string
}

export interface NewDelivery extends Inbox {
  /** `direct` goes before `fan-out`. */
  lane: 'direct' | 'fan-out'
}

export interface StoredActivity {
  id: number
  /** Inbox up to which its deliveries are written; null once all are. */
  writtenUpTo: string | null
}

export async function findActivity(db: Reader, uri: string): Promise<StoredActivity | undefined> {
  const [row] = await db.select({ id: activities.id, writtenUpTo: activities.writtenUpTo }).from(activities).where(eq(activities.uri, uri))
  return row
}

/** Stores an activity, unless one of its id is stored already: that one is given then. */
export async function writeActivity(tx: Tx, activity: NewActivity): Promise<StoredActivity> {
  const [written] = await tx
    .insert(activities)
    .values({ id: tx.newId(), ...activity, createdAt: tx.now })
    .onConflictDoNothing({ target: activities.uri })
    .returning({ id: activities.id, writtenUpTo: activities.writtenUpTo })
  const stored = written ?? (await findActivity(tx, activity.uri))
  if (!stored) throw new Error(`${activity.uri} was neither written nor found.`)
  return stored
}

/** Says how far an activity's deliveries are written; null for to the end. */
export async function markWritten(tx: Tx, activityId: number, upTo: string | null): Promise<void> {
  await tx.update(activities).set({ writtenUpTo: upTo }).where(eq(activities.id, activityId))
}

/**
 * One row an inbox. Those of a host that is held, or has more waiting than its turn, are parked; a host that has been dead for
 * days gets nothing of what goes to everybody.
 */
export async function writeDeliveries(
  tx: Tx,
  activityId: number,
  orderKey: string | undefined,
  inboxes: readonly NewDelivery[]
): Promise<void> {
  if (inboxes.length === 0) return
  const states = await tx
    .select({ host: peers.host, heldUntil: peers.heldUntil, failingSince: peers.failingSince, isBacklogged: peers.isBacklogged })
    .from(peers)
    .where(inArray(peers.host, [...new Set(inboxes.map((inbox) => inbox.host))]))
  const byHost = new Map(states.map((state) => [state.host, state]))
  const waiting = new Set<string>()
  const rows = []
  for (const inbox of inboxes) {
    const state = byHost.get(inbox.host)
    const isHeld = state !== undefined && ((state.heldUntil ?? 0) > tx.now || state.isBacklogged)
    if (isHeld && inbox.lane === 'fan-out' && isDeadHost(state, tx.now) && (state.heldUntil ?? 0) > tx.now) continue
    if (isHeld) waiting.add(inbox.host)
    rows.push({
      id: tx.newId(),
      activityId,
      inboxUrl: inbox.url,
      host: inbox.host,
      lane: inbox.lane,
      orderKey: orderKey ?? null,
      runAt: isHeld ? parkedAt : tx.now,
      createdAt: tx.now
    })
  }
  if (rows.length > 0)
    await tx
      .insert(deliveries)
      .values(rows)
      .onConflictDoNothing({ target: [deliveries.activityId, deliveries.inboxUrl] })
  if (waiting.size > 0)
    await tx
      .update(peers)
      .set({ isBacklogged: true })
      .where(inArray(peers.host, [...waiting]))
  tx.signal(jobsTopic)
}

/**
 * Takes back what was never attempted of the activities about an object. Gives the inboxes whose `firstUri` (the activity that
 * would have told them of it) was among it: they know of nothing, and need not hear of its end.
 */
export async function cancelUnsent(tx: Tx, objectUri: string, firstUri: string): Promise<Set<string>> {
  const about = await tx
    .select({ id: activities.id, uri: activities.uri })
    .from(activities)
    .where(eq(activities.objectUri, objectUri))
    .orderBy(asc(activities.id))
  if (about.length === 0) return new Set()
  const ids = about.map((activity) => activity.id)
  const cancelled = await tx
    .delete(deliveries)
    .where(and(inArray(deliveries.activityId, ids), eq(deliveries.attempts, 0), isNull(deliveries.lockedUntil)))
    .returning({ activityId: deliveries.activityId, inboxUrl: deliveries.inboxUrl })
  await removeFinishedActivities(tx, ids)
  const first = about.find((activity) => activity.uri === firstUri)?.id
  return new Set(cancelled.filter((row) => row.activityId === first).map((row) => row.inboxUrl))
}

/** Lets go of the deliveries of an activity that were given up, so that it can be sent anew under its id. */
export async function forgetDead(tx: Tx, uri: string): Promise<void> {
  const stored = await findActivity(tx, uri)
  if (!stored) return
  await tx.delete(deliveries).where(and(eq(deliveries.activityId, stored.id), isNotNull(deliveries.deadAt)))
  await removeFinishedActivities(tx, [stored.id])
}

/** Removes those of some activities that have nowhere left to go. */
export async function removeFinishedActivities(tx: Tx, activityIds: readonly number[]): Promise<void> {
  for (const ids of chunksOf([...new Set(activityIds)])) {
    await tx
      .delete(activities)
      .where(
        and(
          inArray(activities.id, ids),
          isNull(activities.writtenUpTo),
          sql`not exists (select 1 from ${deliveries} where ${deliveries.activityId} = ${activities.id})`
        )
      )
  }
}
