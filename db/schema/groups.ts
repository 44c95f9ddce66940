import { posts } from '#db/schema/posts.ts'
import { index, int, primaryKey, table, text, time, uniqueIndex } from '#db/table.ts'

/**
 * Votes that a community announced for its own posts (FEP-1b12): nobody but the community says who cast them, so they are counted and never shown
 * as anybody's.
 */
export const announcedVotes = table(
  'announced_votes',
  {
    postId: int()
      .notNull()
      .references(() => posts.id, { onDelete: 'cascade' }),
    /** Id of the actor that is said to have voted: one vote each. */
    voterUri: text().notNull(),
    groupId: int().notNull(),
    /** Id of the Like; null when it had none. */
    uri: text(),
    createdAt: time().notNull()
  },
  (t) => [
    primaryKey({ columns: [t.postId, t.voterUri] }),
    index('announced_votes_uri').on(t.uri),
    index('announced_votes_group').on(t.groupId)
  ]
)

/** People of ours whom a community keeps out: they hear of it, and nothing of theirs is sent there. */
export const communityBans = table(
  'community_bans',
  {
    id: int().primaryKey(),
    groupId: int().notNull(),
    accountId: int().notNull(),
    /** Id of the Block. */
    uri: text(),
    /** As its moderator put it, plain text. */
    reason: text().notNull().default(''),
    /** Null until it is lifted. */
    expiresAt: time(),
    createdAt: time().notNull()
  },
  (t) => [
    uniqueIndex('community_bans_once').on(t.groupId, t.accountId),
    index('community_bans_account').on(t.accountId),
    index('community_bans_uri').on(t.uri),
    index('community_bans_end').on(t.expiresAt)
  ]
)
