import { sql } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { posts } from '#db/schema/posts.ts'
import { bool, index, int, primaryKey, table, text, time, uniqueIndex } from '#db/table.ts'

/** Whose replies a list shows, beside those to their own author and to the list's owner: to nobody else, to members, to whomever the owner follows. */
export type RepliesPolicy = 'none' | 'members' | 'followed'

/** Timelines that people put together out of those they follow. */
export const lists = table(
  'lists',
  {
    id: int().primaryKey(),
    /** The owner: nobody else learns of it. */
    accountId: int()
      .notNull()
      .references(() => accounts.id),
    title: text().notNull(),
    repliesPolicy: text<RepliesPolicy>().notNull().default('members'),
    /** Its members stand in no home. */
    isExclusive: bool().notNull().default(false),
    createdAt: time().notNull()
  },
  (t) => [index('lists_account').on(t.accountId, t.id), index('lists_exclusive').on(t.accountId).where(sql`is_exclusive`)]
)

export const listMembers = table(
  'list_members',
  {
    id: int().primaryKey(),
    listId: int()
      .notNull()
      .references(() => lists.id, { onDelete: 'cascade' }),
    /** The list's owner once more, so that a follow that ends finds its rows, and home what it leaves out. */
    ownerId: int().notNull(),
    /** Somebody the owner follows, or asked to. */
    accountId: int().notNull(),
    createdAt: time().notNull()
  },
  (t) => [
    uniqueIndex('list_members_once').on(t.listId, t.accountId),
    index('list_members_owner').on(t.ownerId, t.accountId),
    index('list_members_account').on(t.accountId),
    index('list_members_list').on(t.listId, t.id)
  ]
)

/** Hashtags that somebody follows: public posts under them stand in their home. */
export const followedTags = table(
  'followed_tags',
  {
    id: int().primaryKey(),
    accountId: int().notNull(),
    /** A key as of tagKey. */
    tag: text().notNull(),
    createdAt: time().notNull()
  },
  (t) => [uniqueIndex('followed_tags_once').on(t.accountId, t.tag)]
)

/** What somebody leaves out of a timeline; without a row nothing. */
export const timelineChoices = table(
  'timeline_choices',
  {
    accountId: int().notNull(),
    /** `home`, `local`, `federated`, `tags`, or `list:<id>`. */
    timeline: text().notNull(),
    hidesBoosts: bool().notNull().default(false),
    hidesReplies: bool().notNull().default(false)
  },
  (t) => [primaryKey({ columns: [t.accountId, t.timeline] })]
)

/** How far somebody has read a timeline, by their own word. */
export const markers = table(
  'markers',
  {
    accountId: int().notNull(),
    timeline: text<'home' | 'notifications'>().notNull(),
    /** The newest id that was read. */
    lastReadId: int().notNull(),
    /** 1 for the first; each move adds one, so that two devices can tell whose word came last. */
    version: int().notNull().default(1),
    updatedAt: time().notNull()
  },
  (t) => [primaryKey({ columns: [t.accountId, t.timeline] })]
)

/** Threads of direct posts as one person of ours sees them: a row for each who takes part. */
export const conversations = table(
  'conversations',
  {
    accountId: int().notNull(),
    /** The thread as posts have it. */
    threadId: int().notNull(),
    /** Newest direct post of the thread that this person wrote or was sent. */
    lastPostId: int()
      .notNull()
      .references(() => posts.id, { onDelete: 'cascade' }),
    isUnread: bool().notNull()
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.threadId] }),
    index('conversations_account').on(t.accountId, t.lastPostId),
    index('conversations_thread').on(t.threadId),
    index('conversations_last').on(t.lastPostId)
  ]
)
