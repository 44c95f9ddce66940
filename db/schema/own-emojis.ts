import { sql } from 'drizzle-orm'
import { posts } from '#db/schema/posts.ts'
import { bool, index, int, primaryKey, table, text, time, uniqueIndex } from '#db/table.ts'

/** Custom emoji of this instance, which its people may use wherever they write. */
export const ownEmojis = table(
  'own_emojis',
  {
    /** Part of its address, `/emoji/<id>`: never used for another picture. */
    id: int().primaryKey(),
    /** Without the colons, as it was given; never changed, since texts hold it. */
    shortcode: text().notNull(),
    /** The same in lower case: no two that stand differ in case alone. */
    shortcodeKey: text().notNull(),
    /** Heading it stands under in lists; empty for none. */
    category: text().notNull().default(''),
    /** What the picture shows, for those who do not see it; empty: its shortcode says it. */
    alt: text().notNull().default(''),
    /** The picture moves; its preview stands still. */
    isAnimated: bool().notNull().default(false),
    /** It is offered nowhere, but may be typed. */
    isHidden: bool().notNull().default(false),
    /** It may no longer be used; where it stands it stays. */
    isOff: bool().notNull().default(false),
    /** Row of media that holds the picture, and its key. */
    mediaId: int().notNull(),
    mediaKey: text().notNull(),
    /** Host it was copied from; null for an upload. */
    copiedFrom: text(),
    createdAt: time().notNull(),
    updatedAt: time().notNull(),
    /** Set once deleted: the row stays, so that its address says so and old texts show the shortcode. */
    deletedAt: time()
  },
  (t) => [
    uniqueIndex('own_emojis_shortcode').on(t.shortcodeKey).where(sql`deleted_at is null`),
    uniqueIndex('own_emojis_key').on(t.mediaKey)
  ]
)

/** Which of our posts hold which emoji of ours. */
export const emojiUses = table(
  'emoji_uses',
  {
    emojiId: int()
      .notNull()
      .references(() => ownEmojis.id),
    postId: int()
      .notNull()
      .references(() => posts.id, { onDelete: 'cascade' })
  },
  (t) => [primaryKey({ columns: [t.emojiId, t.postId] }), index('emoji_uses_post').on(t.postId)]
)
