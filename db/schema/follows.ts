import { sql } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { bool, index, int, primaryKey, table, text, time, uniqueIndex } from '#db/table.ts'

/** One row per follower and followed. */
export const follows = table(
  'follows',
  {
    id: int().primaryKey(),
    followerId: int()
      .notNull()
      .references(() => accounts.id),
    followedId: int()
      .notNull()
      .references(() => accounts.id),
    state: text<'pending' | 'accepted'>().notNull(),
    /** Id of the Follow activity: ours derived once and kept, theirs as they said it. */
    uri: text().notNull(),
    showBoosts: bool().notNull().default(true),
    /** False leaves their replies to others out of home. */
    showReplies: bool().notNull().default(true),
    /** Tells the follower of each new post. */
    notifies: bool().notNull().default(false),
    createdAt: time().notNull(),
    acceptedAt: time(),
    /** How often one of ours asked again, having heard nothing, and when last. */
    askedAgainCount: int().notNull().default(0),
    askedAgainAt: time()
  },
  (t) => [
    uniqueIndex('follows_once').on(t.followerId, t.followedId),
    index('follows_followed').on(t.followedId, t.state, t.id),
    index('follows_follower').on(t.followerId, t.state, t.id),
    index('follows_uri').on(t.uri),
    index('follows_pending').on(t.id).where(sql`state = 'pending'`)
  ]
)

export const blocks = table(
  'blocks',
  {
    id: int().primaryKey(),
    accountId: int().notNull(),
    targetId: int().notNull(),
    uri: text().notNull(),
    createdAt: time().notNull()
  },
  (t) => [uniqueIndex('blocks_once').on(t.accountId, t.targetId), index('blocks_target').on(t.targetId)]
)

export const mutes = table(
  'mutes',
  {
    id: int().primaryKey(),
    accountId: int().notNull(),
    targetId: int().notNull(),
    hidesNotifications: bool().notNull().default(true),
    /** Null mutes until it is lifted. */
    expiresAt: time(),
    createdAt: time().notNull()
  },
  (t) => [
    uniqueIndex('mutes_once').on(t.accountId, t.targetId),
    index('mutes_target').on(t.targetId),
    index('mutes_expires').on(t.expiresAt).where(sql`expires_at is not null`)
  ]
)

/** Conversations that somebody wants to hear no more of. */
export const threadMutes = table(
  'thread_mutes',
  {
    accountId: int().notNull(),
    /** As posts have it; follows when the root of the conversation is found. */
    threadId: int().notNull(),
    createdAt: time().notNull()
  },
  (t) => [primaryKey({ columns: [t.accountId, t.threadId] }), index('thread_mutes_thread').on(t.threadId)]
)

/** Servers of which somebody wants to see nothing, for themselves alone. */
export const hiddenDomains = table(
  'hidden_domains',
  {
    id: int().primaryKey(),
    accountId: int().notNull(),
    /** Normalised; all below it are meant too. */
    domain: text().notNull(),
    createdAt: time().notNull()
  },
  (t) => [uniqueIndex('hidden_domains_once').on(t.accountId, t.domain)]
)
