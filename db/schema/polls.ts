import { bool, index, int, primaryKey, table, text, time, uniqueIndex } from '#db/table.ts'
import { posts } from '#db/schema/posts.ts'

/** What a post asks, ours or another server's; its row in posts is of type Question. */
export const polls = table('polls', {
  postId: int()
    .primaryKey()
    .references(() => posts.id, { onDelete: 'cascade' }),
  isMultiple: bool().notNull(),
  /** Null when it never ends by itself. */
  endsAt: time(),
  /** When it was found to be over; null while it is open, or until that was noticed. */
  closedAt: time(),
  /** People who voted; null when its server does not say. */
  votersCount: int(),
  /** When its server last told the counts; of ours, when it was written. */
  countedAt: time().notNull()
})

export const pollOptions = table(
  'poll_options',
  {
    postId: int()
      .notNull()
      .references(() => posts.id, { onDelete: 'cascade' }),
    /** From 0, in the order shown. */
    position: int().notNull(),
    /** As it is shown. */
    text: text().notNull(),
    /** As its server writes it: a vote names it so, to the byte. */
    name: text().notNull(),
    votesCount: int().notNull().default(0)
  },
  (t) => [primaryKey({ columns: [t.postId, t.position] })]
)

/** Votes of our people in any poll, and of anybody in ours. */
export const pollVotes = table(
  'poll_votes',
  {
    id: int().primaryKey(),
    postId: int()
      .notNull()
      .references(() => posts.id, { onDelete: 'cascade' }),
    accountId: int().notNull(),
    position: int().notNull(),
    /** Id of the vote as its server said it; null for ours, which derive it, and when none was said. */
    uri: text(),
    createdAt: time().notNull()
  },
  (t) => [uniqueIndex('poll_votes_once').on(t.accountId, t.postId, t.position), index('poll_votes_post').on(t.postId, t.accountId)]
)
