import { sql } from 'drizzle-orm'
import { index, int, table, text, time, uniqueIndex } from '#db/table.ts'

/** A custom emoji as a post, a profile or a reaction uses it. */
export interface EmojiUse {
  /** Without the colons. */
  shortcode: string
  /** Key of the picture, `/media/<key>`. */
  key: string
}

/** Custom emoji of other servers: one a host and shortcode, whoever used it there. */
export const emojis = table(
  'emojis',
  {
    id: int().primaryKey(),
    /** Host of the actors who use it, normalised. */
    host: text().notNull(),
    /** Without the colons, in its own case. */
    shortcode: text().notNull(),
    /** Where its server keeps the picture. */
    remoteUrl: text().notNull(),
    /** Row of media that holds the picture, and its key: both stay when the picture changes. */
    mediaId: int().notNull(),
    mediaKey: text().notNull(),
    /** As its server says, ms since 1970; 0 when it says nothing. */
    updatedAt: time().notNull().default(0),
    createdAt: time().notNull(),
    /** Set while moderators here do not want to see it: its shortcode stands as text then. */
    blockedAt: time()
  },
  (t) => [
    uniqueIndex('emojis_of_host').on(t.host, t.shortcode),
    index('emojis_media').on(t.mediaId),
    index('emojis_blocked').on(t.id).where(sql`blocked_at is not null`)
  ]
)
