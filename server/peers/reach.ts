import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { Reader, Tx } from '#db/reader.ts'
import { activities, deliveries } from '#db/schema/peers.ts'
import { posts } from '#db/schema/posts.ts'
import { inboxes, reach, reachMisses } from '#db/schema/reach.ts'
import { createOf } from '#server/peers/create-of.ts'
import type { Inbox } from '#server/peers/inbox.ts'
import { chunksOf } from '#server/platform/chunks.ts'

/** How far a post of ours came, in servers. */
export interface Reach {
  /** Those that have it. */
  arrived: number
  /** Those it is still on its way to. */
  waiting: number
  /** Those that did not take it, or were given up. */
  failed: number
}

/** Writes into the ledger that a post goes to these inboxes, in the transaction that writes their deliveries; those it names already are passed over. */
export async function noteReach(tx: Tx, postId: number, to: readonly Inbox[]): Promise<void> {
  const known = new Set(await inboxIdsOf(tx, postId))
  const ids = await inboxIds(tx, to)
  const fresh = to.filter((inbox) => !known.has(ids.get(keyOf(inbox)) ?? 0))
  if (fresh.length === 0) return
  const hostsCount = new Set(fresh.map(({ host }) => host)).size
  await tx.insert(reach).values({ id: tx.newId(), postId, inboxIds: fresh.map((inbox) => ids.get(keyOf(inbox))!), hostsCount })
}

/** Every inbox that a post went to, or was to go to. */
export async function findReach(db: Reader, postId: number): Promise<Inbox[]> {
  const ids = await inboxIdsOf(db, postId)
  const found: Inbox[] = []
  for (const some of chunksOf(ids))
    found.push(...(await db.select({ url: inboxes.url, host: inboxes.host }).from(inboxes).where(inArray(inboxes.id, some))))
  return found
}

/** The post is gone, and its Delete on its way to all of them. */
export async function forgetReach(tx: Tx, postId: number): Promise<void> {
  await tx.delete(reach).where(eq(reach.postId, postId))
  await tx.delete(reachMisses).where(eq(reachMisses.postId, postId))
}

/** How many servers have a post of ours: what became of its Create decides who does. */
export async function countReach(db: Reader, { id: postId, uri }: { id: number; uri: string }): Promise<Reach> {
  const [planned] = await db
    .select({ hosts: sql`coalesce(sum(${reach.hostsCount}), 0)`.mapWith(Number) })
    .from(reach)
    .where(eq(reach.postId, postId))
  const [missed] = await db
    .select({ hosts: sql`count(distinct ${reachMisses.host})`.mapWith(Number) })
    .from(reachMisses)
    .where(eq(reachMisses.postId, postId))
  const hosts = sql`count(distinct ${deliveries.host})`.mapWith(Number)
  const open = await db
    .select({ isDead: sql`case when ${deliveries.deadAt} is null then 0 else 1 end`.mapWith(Number), hosts })
    .from(deliveries)
    .innerJoin(activities, eq(activities.id, deliveries.activityId))
    .where(eq(activities.uri, createOf(uri)))
    .groupBy(sql`1`)
  const of = (isDead: number) => open.find((row) => row.isDead === isDead)?.hosts ?? 0
  const failed = of(1) + (missed?.hosts ?? 0)
  return { arrived: Math.max(0, (planned?.hosts ?? 0) - of(0) - failed), waiting: of(0), failed }
}

/** Deliveries that end without having arrived and leave no row: what they were to tell of is noted as missing there. Before their activities go. */
export async function noteMisses(tx: Tx, missed: readonly { activityId: number; inboxUrl: string; host: string }[]): Promise<void> {
  if (missed.length === 0) return
  const ids = [...new Set(missed.map(({ activityId }) => activityId))]
  const about = await tx
    .select({ activityId: activities.id, activityUri: activities.uri, postId: posts.id, postUri: posts.uri })
    .from(activities)
    .innerJoin(posts, and(eq(posts.uri, activities.objectUri), isNull(posts.deletedAt), eq(posts.isLocal, true)))
    .where(inArray(activities.id, ids))
  // Who has heard of a post and misses what was said of it later, has it.
  const creates = about.filter((row) => row.activityUri === createOf(row.postUri))
  const postOf = new Map(creates.map((row) => [row.activityId, row.postId]))
  const rows = missed.flatMap(({ activityId, inboxUrl, host }) => {
    const postId = postOf.get(activityId)
    return postId === undefined ? [] : [{ postId, inboxUrl, host }]
  })
  if (rows.length > 0) await tx.insert(reachMisses).values(rows).onConflictDoNothing()
}

async function inboxIdsOf(db: Reader, postId: number): Promise<number[]> {
  const rows = await db.select({ inboxIds: reach.inboxIds }).from(reach).where(eq(reach.postId, postId))
  return [...new Set(rows.flatMap((row) => row.inboxIds))]
}

/** The numbers of inboxes by their key; those never written to before are given one. */
async function inboxIds(tx: Tx, to: readonly Inbox[]): Promise<Map<string, number>> {
  const found = new Map<string, number>()
  for (const part of chunksOf(to)) {
    const urls = part.map(({ url }) => url)
    for (const row of await tx.select().from(inboxes).where(inArray(inboxes.url, urls))) found.set(keyOf(row), row.id)
    const fresh = part.filter((inbox) => !found.has(keyOf(inbox)))
    if (fresh.length === 0) continue
    const rows = fresh.map(({ url, host }) => ({ id: tx.newId(), url, host }))
    // Another process may write the same ones: whoever loses reads what the winner wrote.
    await tx
      .insert(inboxes)
      .values(rows)
      .onConflictDoNothing({ target: [inboxes.url, inboxes.host] })
    for (const row of await tx.select().from(inboxes).where(inArray(inboxes.url, urls))) found.set(keyOf(row), row.id)
  }
  return found
}

function keyOf({ url, host }: Inbox): string {
  return `${host} ${url}`
}
