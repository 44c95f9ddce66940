import { sql } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { index, int, table, text, time } from '#db/table.ts'

/** How far older posts of remote accounts have been read, so that a profile shows more than what came since somebody followed. */
export const histories = table(
  'histories',
  {
    accountId: int()
      .primaryKey()
      .references(() => accounts.id),
    startedAt: time().notNull(),
    /** Null while it is being read. */
    endedAt: time(),
    /** Not asked for again before. */
    againAt: time().notNull(),
    /** Posts that are here now because of it. */
    postsCount: int().notNull().default(0),
    /** Posts that it names and that could not be had. */
    missingCount: int().notNull().default(0),
    /** What could not be read at all: the pinned posts, the posts, or (when both) all; null when nothing was missing. */
    failed: text<'featured' | 'outbox' | 'all'>()
  },
  (t) => [index('histories_running').on(t.startedAt).where(sql`ended_at is null`)]
)
