import { int, table, text, time, uniqueIndex } from '#db/table.ts'

/** Servers that pass public posts on between those who subscribed: `mastodon` ones by their inbox, `litepub` ones by their actor (FEP-ae0c). */
export const relays = table(
  'relays',
  {
    id: int().primaryKey(),
    kind: text<'mastodon' | 'litepub'>().notNull(),
    inboxUrl: text().notNull(),
    /** Normalised host of the inbox. */
    host: text().notNull(),
    /** Its actor; of a `mastodon` one it is known once it has answered. */
    actorUri: text(),
    /** Id of our Follow; the instance actor follows. */
    followUri: text().notNull(),
    state: text<'pending' | 'accepted' | 'rejected'>().notNull().default('pending'),
    addedAt: time().notNull(),
    answeredAt: time(),
    /** When it last told us of a post. */
    heardAt: time(),
    /** Start of the hour in which `fetchesCount` posts were fetched because of it. */
    hourStartedAt: time().notNull().default(0),
    fetchesCount: int().notNull().default(0)
  },
  (t) => [
    uniqueIndex('relays_inbox').on(t.inboxUrl),
    uniqueIndex('relays_actor').on(t.actorUri),
    uniqueIndex('relays_follow').on(t.followUri)
  ]
)
