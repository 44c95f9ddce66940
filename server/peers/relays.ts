import { and, asc, eq, or, sql } from 'drizzle-orm'
import { prepare, type Reader, type Tx } from '#db/reader.ts'
import { peers } from '#db/schema/peers.ts'
import { relays } from '#db/schema/relays.ts'
import { type Inbox, toInbox } from '#server/peers/inbox.ts'

/** Posts that may be fetched in an hour because one relay told of them. */
export const fetchesPerHourMax = 1_000
const hourMs = 3_600_000

export type Relay = typeof relays.$inferSelect

const acceptedByActor = prepare((db: Reader) =>
  db
    .select()
    .from(relays)
    .where(and(eq(relays.actorUri, sql.placeholder('actorUri')), eq(relays.state, 'accepted')))
)

const accepted = prepare((db: Reader) => db.select().from(relays).where(eq(relays.state, 'accepted')).orderBy(asc(relays.id)))

/** The relay whose actor this is, if it has let us in. */
export async function findAcceptedRelay(db: Reader, actorUri: string): Promise<Relay | undefined> {
  const [relay] = await acceptedByActor(db, { actorUri })
  return relay
}

export async function findRelay(db: Reader, id: number): Promise<Relay | undefined> {
  const [relay] = await db.select().from(relays).where(eq(relays.id, id))
  return relay
}

/** The relay that we asked by this Follow. */
export async function findRelayByFollow(db: Reader, followUri: string): Promise<Relay | undefined> {
  const [relay] = await db.select().from(relays).where(eq(relays.followUri, followUri))
  return relay
}

/** Relays at a host that have not answered. */
export function findPendingRelaysAt(db: Reader, host: string): Promise<Relay[]> {
  return db
    .select()
    .from(relays)
    .where(and(eq(relays.host, host), eq(relays.state, 'pending')))
}

/** The LitePub relay of this actor, whatever its state: it follows back. */
export async function findRelayByActor(db: Reader, actorUri: string): Promise<Relay | undefined> {
  const [relay] = await db.select().from(relays).where(eq(relays.actorUri, actorUri))
  return relay
}

/** All of them, the oldest first, each with why the last thing sent to its server did not arrive (null when it did). */
export function listRelays(db: Reader): Promise<{ relay: Relay; lastError: string | null }[]> {
  const trouble = sql<string | null>`case when ${peers.failingSince} is null then null else ${peers.lastError} end`
  return db.select({ relay: relays, lastError: trouble }).from(relays).leftJoin(peers, eq(peers.host, relays.host)).orderBy(asc(relays.id))
}

/** Inboxes of the relays that let us in, of one kind or of both. */
export async function findRelayInboxes(db: Reader, kind?: Relay['kind']): Promise<Inbox[]> {
  const rows = await accepted(db, {})
  return rows.flatMap((relay) => (kind === undefined || relay.kind === kind ? (toInbox(relay.inboxUrl, relay.host) ?? []) : []))
}

/** A relay answered our Follow, in the transaction of the receipt; the actor that answered is the one that counts from now on. */
export async function receiveRelayAnswer(tx: Tx, relayId: number, state: 'accepted' | 'rejected', actorUri: string): Promise<void> {
  const [taken] = await tx
    .select({ id: relays.id })
    .from(relays)
    .where(and(eq(relays.actorUri, actorUri), sql`${relays.id} <> ${relayId}`))
  if (taken) return
  await tx.update(relays).set({ state, actorUri, answeredAt: tx.now }).where(eq(relays.id, relayId))
}

/** Whether one more post may be fetched because of a relay in this hour; counts it. */
export async function spendRelayFetch(tx: Tx, relayId: number): Promise<boolean> {
  const isNewHour = sql`${relays.hourStartedAt} <= ${tx.now - hourMs}`
  const spent = await tx
    .update(relays)
    .set({
      hourStartedAt: sql`case when ${isNewHour} then ${tx.now} else ${relays.hourStartedAt} end`,
      fetchesCount: sql`case when ${isNewHour} then 1 else ${relays.fetchesCount} + 1 end`,
      heardAt: tx.now
    })
    .where(and(eq(relays.id, relayId), or(isNewHour, sql`${relays.fetchesCount} < ${fetchesPerHourMax}`)))
    .returning({ id: relays.id })
  return spent.length > 0
}
