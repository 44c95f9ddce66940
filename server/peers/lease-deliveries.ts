import { and, eq, gte, inArray, isNull, lt, or, sql } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { activities, deliveries, parkedAt, peers } from '#db/schema/peers.ts'
import type { Context } from '#server/context.ts'
import { releaseParked } from '#server/peers/release-parked.ts'

/** A delivery whose worker died is free again after this; who lives renews its leases in time. */
export const leaseMs = 20_000
/** Deliveries under way at once to one host, in all processes together. */
const perHostMax = 2
const idsPerQueryMax = 500
/** Due rows looked at for one lease. */
const candidatesMax = 512
/** Due rows of one host beyond this are parked, or they would stand in front of everybody else's. */
const perHostDueMax = 64

export interface LeasedDelivery {
  id: number
  activityId: number
  inboxUrl: string
  host: string
  lane: 'direct' | 'fan-out'
  /** This one included; with the id it names the lease. */
  attempts: number
  createdAt: number
  actorId: number
  body: string
  signatureKind: 'cavage' | 'rfc9421'
}

interface Candidate {
  id: number
  host: string
  heldUntil: number
}

type Parts = Pick<Context, 'db' | 'transact' | 'clock'>

/**
 * Takes up to `count` deliveries that are due: direct ones first, two at once per host, in order within one inbox and key, none
 * to a host that is held. The attempt is counted before it is made.
 */
export async function leaseDeliveries({ db, transact, clock }: Parts, count: number): Promise<LeasedDelivery[]> {
  await releaseParked({ db, transact, clock })
  const now = clock.now()
  const busy = await countUnderWay(db, now)
  const chosen: number[] = []
  const surplus: number[] = []
  const held = new Set<string>()
  for (const lane of ['direct', 'fan-out'] as const) {
    if (chosen.length >= count) break
    const dueOf = new Map<string, number>()
    for (const row of await findDue(db, lane, now)) {
      const due = (dueOf.get(row.host) ?? 0) + 1
      dueOf.set(row.host, due)
      if (row.heldUntil > now) held.add(row.host)
      else if (due > perHostDueMax) surplus.push(row.id)
      else if (chosen.length < count && (busy.get(row.host) ?? 0) < perHostMax) {
        busy.set(row.host, (busy.get(row.host) ?? 0) + 1)
        chosen.push(row.id)
      }
    }
  }
  if (chosen.length === 0 && surplus.length === 0 && held.size === 0) return []
  return transact(async (tx) => {
    const isFree = and(isNull(deliveries.deadAt), or(isNull(deliveries.lockedUntil), lt(deliveries.lockedUntil, tx.now)))
    const parkedHosts = new Set(held)
    if (held.size > 0)
      await tx
        .update(deliveries)
        .set({ runAt: parkedAt })
        .where(and(inArray(deliveries.host, [...held]), lt(deliveries.runAt, parkedAt), isFree))
    if (surplus.length > 0) {
      const parked = await tx
        .update(deliveries)
        .set({ runAt: parkedAt })
        .where(and(inArray(deliveries.id, surplus), isFree))
        .returning({ host: deliveries.host })
      for (const { host } of parked) parkedHosts.add(host)
    }
    for (const host of parkedHosts) {
      await tx
        .insert(peers)
        .values({ host, firstSeenAt: tx.now, isBacklogged: true })
        .onConflictDoUpdate({ target: peers.host, set: { isBacklogged: true } })
    }
    if (chosen.length === 0) return []
    const leased = await tx
      .update(deliveries)
      .set({ lockedUntil: tx.now + leaseMs, attempts: sql`${deliveries.attempts} + 1` })
      .where(and(inArray(deliveries.id, chosen), isFree, sql`${deliveries.runAt} <= ${tx.now}`))
      .returning({ id: deliveries.id })
    if (leased.length === 0) return []
    const rows = await tx
      .select({
        id: deliveries.id,
        activityId: deliveries.activityId,
        inboxUrl: deliveries.inboxUrl,
        host: deliveries.host,
        lane: deliveries.lane,
        attempts: deliveries.attempts,
        createdAt: deliveries.createdAt,
        actorId: activities.actorId,
        body: activities.body,
        signatureKind: peers.signatureKind
      })
      .from(deliveries)
      .innerJoin(activities, eq(activities.id, deliveries.activityId))
      .leftJoin(peers, eq(peers.host, deliveries.host))
      .where(
        inArray(
          deliveries.id,
          leased.map((row) => row.id)
        )
      )
      .orderBy(deliveries.id)
    return rows.map((row) => ({ ...row, signatureKind: row.signatureKind ?? 'cavage' }))
  })
}

/** Keeps leased deliveries for as long again. One that has gone to another worker meanwhile stays there. */
export async function renewDeliveries({ transact }: Pick<Parts, 'transact'>, leased: readonly LeasedDelivery[]): Promise<void> {
  const ids = leased.map(({ id }) => id)
  await transact(async (tx) => {
    for (let at = 0; at < ids.length; at += idsPerQueryMax)
      await tx
        .update(deliveries)
        .set({ lockedUntil: tx.now + leaseMs })
        .where(and(inArray(deliveries.id, ids.slice(at, at + idsPerQueryMax)), gte(deliveries.lockedUntil, tx.now)))
  })
}

/** Gives leased deliveries back that were not begun: they may go at once, and the attempt was none. */
export async function releaseDeliveries({ transact }: Pick<Parts, 'transact'>, leased: readonly LeasedDelivery[]): Promise<void> {
  await transact(async (tx) => {
    for (const { id, attempts } of leased)
      await tx
        .update(deliveries)
        .set({ lockedUntil: null, attempts: attempts - 1 })
        .where(and(eq(deliveries.id, id), eq(deliveries.attempts, attempts)))
  })
}

async function countUnderWay(db: Reader, now: number): Promise<Map<string, number>> {
  const rows = await db.select({ host: deliveries.host }).from(deliveries).where(gte(deliveries.lockedUntil, now))
  const counts = new Map<string, number>()
  for (const { host } of rows) counts.set(host, (counts.get(host) ?? 0) + 1)
  return counts
}

async function findDue(db: Reader, lane: 'direct' | 'fan-out', now: number): Promise<Candidate[]> {
  const rows = await db.rows(sql`
    select d.id, d.host, p.held_until from deliveries d left join peers p on p.host = d.host
    where d.lane = ${lane} and d.dead_at is null and d.run_at <= ${now} and (d.locked_until is null or d.locked_until < ${now})
      and (d.order_key is null or not exists (
        select 1 from deliveries e where e.inbox_url = d.inbox_url and e.order_key = d.order_key and e.id < d.id and e.dead_at is null))
    order by d.run_at, d.id limit ${candidatesMax}`)
  return rows.map((row) => ({ id: Number(row.id), host: String(row.host), heldUntil: Number(row.held_until ?? 0) }))
}
