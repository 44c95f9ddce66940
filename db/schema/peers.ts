import { sql } from 'drizzle-orm'
import { bool, index, int, json, primaryKey, table, text, time, uniqueIndex } from '#db/table.ts'

/** A delivery whose host is held, or has more waiting than its turn: it stands at this moment (the last a Date can name) until it is released. */
export const parkedAt = 8_640_000_000_000_000

/** Servers we exchanged something with. */
export const peers = table(
  'peers',
  {
    /** Normalised host, with a non-default port. */
    host: text().primaryKey(),
    /** The signature kind it is known to take. */
    signatureKind: text<'cavage' | 'rfc9421'>().notNull().default('cavage'),
    firstSeenAt: time().notNull(),
    lastReceivedAt: time(),
    lastDeliveredAt: time(),
    /** Start of the current run of failures; null while all is well. */
    failingSince: time(),
    failuresCount: int().notNull().default(0),
    lastError: text(),
    /** Nothing is sent before; null when the way is open. */
    heldUntil: time(),
    /** When it stopped being a stranger before its time: somebody here follows somebody there, or an admin said so. */
    trustedAt: time(),
    /** As its NodeInfo says; null while nobody asked, or it has none. */
    software: text(),
    softwareVersion: text(),
    /** When NodeInfo was last asked for. */
    softwareReadAt: time(),
    /** Bodies of activities, since it was first met. */
    receivedBytes: int().notNull().default(0),
    deliveredBytes: int().notNull().default(0),
    /** Some of its deliveries are parked and are released a few at a time. */
    isBacklogged: bool().notNull().default(false)
  },
  (t) => [index('peers_backlogged').on(t.heldUntil).where(sql`is_backlogged`), index('peers_first_seen').on(t.firstSeenAt)]
)

/** Signatures already acted on, so that a replay has no effect. Swept once the date window has passed. */
export const receipts = table('receipts', {
  /** The second in which it was signed and SHA-256 over the signature's value, hex (peers/receipts.ts); the hash alone in those of earlier versions. */
  signatureHash: text().primaryKey(),
  receivedAt: time().notNull()
})

/** What features look at of an activity in normal form; the rest is for the door that put it by. */
export interface HeldWords {
  id?: string | undefined
  type: string
  objects: readonly { id?: string | undefined }[]
}

/** What servers met only lately said, put by until they are strangers no more. */
export const heldActivities = table(
  'held_activities',
  {
    id: int().primaryKey(),
    host: text().notNull(),
    actorId: int().notNull(),
    /** Whose personal inbox it came to; null for the shared one. */
    ownerId: int(),
    type: text().notNull(),
    /** In normal form. */
    activity: json<HeldWords>().notNull(),
    signatureHash: text().notNull(),
    heldAt: time().notNull()
  },
  (t) => [index('held_activities_host').on(t.host, t.id), index('held_activities_actor').on(t.actorId)]
)

/** Why requests in the name of a server were refused, once a reason: for admins who ask why something did not arrive. */
export const peerRefusals = table(
  'peer_refusals',
  {
    host: text().notNull(),
    why: text().notNull(),
    status: int().notNull(),
    /** The actor of the last one. */
    actorUri: text().notNull(),
    count: int().notNull(),
    lastAt: time().notNull()
  },
  (t) => [primaryKey({ columns: [t.host, t.why] }), index('peer_refusals_last').on(t.lastAt)]
)

/** Objects their servers deleted before we saw them, so that a late Create never revives them. */
export const tombstones = table(
  'tombstones',
  {
    uri: text().primaryKey(),
    deletedAt: time().notNull(),
    /** Who said so: of what never was here nobody else can. Null for those that were kept before this was. */
    authorId: int()
  },
  (t) => [index('tombstones_deleted').on(t.deletedAt), index('tombstones_author').on(t.authorId).where(sql`author_id is not null`)]
)

/** Activities of ours, stored once however many inboxes they go to; signed when sent. */
export const activities = table(
  'activities',
  {
    id: int().primaryKey(),
    uri: text().notNull(),
    actorId: int().notNull(),
    /** The exact bytes to send. */
    body: text().notNull(),
    /** What it is about, so that a Delete cancels a Create never attempted; null when nothing. */
    objectUri: text(),
    /** Inbox up to which the delivery rows are written (they are written in order of inbox, some hundreds a transaction); null once all are. */
    writtenUpTo: text(),
    createdAt: time().notNull()
  },
  (t) => [uniqueIndex('activities_uri').on(t.uri), index('activities_object').on(t.objectUri)]
)

/** One row an inbox; deleted once delivered or given up. */
export const deliveries = table(
  'deliveries',
  {
    id: int().primaryKey(),
    activityId: int()
      .notNull()
      .references(() => activities.id, { onDelete: 'cascade' }),
    inboxUrl: text().notNull(),
    host: text().notNull(),
    /** `direct` goes before `fan-out`. */
    lane: text<'direct' | 'fan-out'>().notNull(),
    /** Rows of one key and inbox go in order of id; null for no order. */
    orderKey: text(),
    attempts: int().notNull().default(0),
    /** When it may go; `parkedAt` while it waits for its host. */
    runAt: time().notNull(),
    /** Leased to a worker until then; null when free. */
    lockedUntil: time(),
    lastError: text(),
    /** Set when given up: a dead letter, kept for the admin. */
    deadAt: time(),
    createdAt: time().notNull()
  },
  (t) => [
    uniqueIndex('deliveries_once').on(t.activityId, t.inboxUrl),
    index('deliveries_due').on(t.lane, t.runAt).where(sql`dead_at is null`),
    index('deliveries_locked').on(t.lockedUntil).where(sql`locked_until is not null`),
    index('deliveries_order').on(t.inboxUrl, t.orderKey, t.id),
    index('deliveries_host').on(t.host, t.id),
    index('deliveries_dead').on(t.deadAt).where(sql`dead_at is not null`)
  ]
)
