import { posts } from '#db/schema/posts.ts'
import { index, int, json, primaryKey, table, text, uniqueIndex } from '#db/table.ts'

/** Inboxes that posts of ours went to, each once: the ledger names them by number. */
export const inboxes = table(
  'inboxes',
  {
    id: int().primaryKey(),
    url: text().notNull(),
    /** As of `Inbox.host`. */
    host: text().notNull()
  },
  (t) => [uniqueIndex('inboxes_url').on(t.url, t.host)]
)

/** The ledger: where a post of ours was to go, some hundreds of inboxes a row, written with their deliveries. */
export const reach = table(
  'reach',
  {
    id: int().primaryKey(),
    postId: int()
      .notNull()
      .references(() => posts.id, { onDelete: 'cascade' }),
    inboxIds: json<number[]>().notNull(),
    /** Distinct servers among them. */
    hostsCount: int().notNull()
  },
  (t) => [index('reach_post').on(t.postId)]
)

/** Inboxes that a post never came to: gone, dropped, or given up and forgotten. What still waits stands in deliveries. */
export const reachMisses = table(
  'reach_misses',
  {
    postId: int()
      .notNull()
      .references(() => posts.id, { onDelete: 'cascade' }),
    inboxUrl: text().notNull(),
    host: text().notNull()
  },
  (t) => [primaryKey({ columns: [t.postId, t.inboxUrl] })]
)
