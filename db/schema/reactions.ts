import { sql } from 'drizzle-orm'
import { posts } from '#db/schema/posts.ts'
import { index, int, primaryKey, table, text, time, uniqueIndex } from '#db/table.ts'

/** Answers to a post in one emoji. A favourite is no reaction and is counted apart. */
export const reactions = table(
  'reactions',
  {
    id: int().primaryKey(),
    accountId: int().notNull(),
    postId: int()
      .notNull()
      .references(() => posts.id, { onDelete: 'cascade' }),
    /** An emoji of Unicode, or `:shortcode@host:` for a custom one, with `.` as the host of ours. */
    emoji: text().notNull(),
    /** Id of the Like or EmojiReact as its server said it; null for ours, which derive it. */
    uri: text(),
    createdAt: time().notNull()
  },
  (t) => [uniqueIndex('reactions_once').on(t.accountId, t.postId, t.emoji), index('reactions_post').on(t.postId, t.id)]
)

/** How many reacted to a post with an emoji; a row goes when nobody is left. */
export const reactionCounts = table(
  'reaction_counts',
  {
    postId: int()
      .notNull()
      .references(() => posts.id, { onDelete: 'cascade' }),
    /** As in reactions. */
    emoji: text().notNull(),
    /** Key of the picture of a custom emoji; null for one of Unicode. */
    mediaKey: text(),
    count: int().notNull(),
    /** When the first of them reacted. */
    createdAt: time().notNull()
  },
  (t) => [primaryKey({ columns: [t.postId, t.emoji] }), index('reaction_counts_media').on(t.mediaKey).where(sql`media_key is not null`)]
)
