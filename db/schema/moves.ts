import { accounts } from '#db/schema/accounts.ts'
import { posts } from '#db/schema/posts.ts'
import { index, int, table, text, time, uniqueIndex } from '#db/table.ts'

/** The last move of an account, ours or of elsewhere: no other counts before its cooldown is over, taken back or not. */
export const moves = table('moves', {
  /** The account that was left. */
  accountId: int()
    .primaryKey()
    .references(() => accounts.id),
  targetId: int().notNull(),
  movedAt: time().notNull()
})

/** Posts that their authors, ours and of elsewhere, show first on their profiles: the newest id first. */
export const pins = table(
  'pins',
  {
    id: int().primaryKey(),
    /** The author. */
    accountId: int().notNull(),
    postId: int()
      .notNull()
      .references(() => posts.id, { onDelete: 'cascade' }),
    createdAt: time().notNull()
  },
  (t) => [uniqueIndex('pins_once').on(t.postId), index('pins_account').on(t.accountId, t.id)]
)

/** How far older posts of remote accounts have been read, so that a profile shows more than what came since somebody followed. */
export const histories = table('histories', {
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
})
