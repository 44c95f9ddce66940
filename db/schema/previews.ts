import { sql } from 'drizzle-orm'
import { index, int, table, text, time, uniqueIndex } from '#db/table.ts'

/** What a page says of itself, once an address however many posts link to it. Asked for when somebody here looks at such a post. */
export const linkPreviews = table(
  'link_previews',
  {
    id: int().primaryKey(),
    /** As it stands in the post, without fragment and tracking (trends/links-of.ts). */
    url: text().notNull(),
    /** Normalised host of `url`. */
    host: text().notNull(),
    /** Normalised host that answered, after redirects; null until one did. */
    answeredHost: text(),
    /** `waiting` until the page was asked; `none` when it has nothing to show, or could not be had. */
    state: text<'waiting' | 'shown' | 'none'>().notNull(),
    title: text().notNull().default(''),
    description: text().notNull().default(''),
    siteName: text().notNull().default(''),
    /** The picture, a row of media that belongs to the instance; null for none. */
    mediaId: int(),
    /** Who wrote it, as far as the page names somebody we know; whether that is shown is decided at each look. */
    creatorId: int(),
    /** When it was last asked for. */
    askedAt: time().notNull(),
    /** Not asked again before. */
    freshUntil: time().notNull()
  },
  (t) => [
    uniqueIndex('link_previews_url').on(t.url),
    index('link_previews_host').on(t.host, t.askedAt),
    index('link_previews_asked').on(t.askedAt),
    index('link_previews_media').on(t.mediaId).where(sql`media_id is not null`),
    index('link_previews_creator').on(t.creatorId).where(sql`creator_id is not null`)
  ]
)
