import { and, desc, eq, inArray, isNull, sql } from 'drizzle-orm'
import { prepare, type Reader } from '#db/reader.ts'
import { media } from '#db/schema/media.ts'
import { ownEmojis } from '#db/schema/own-emojis.ts'

/** An emoji of ours as other servers are told of it. */
export interface OutgoingEmoji {
  id: number
  shortcode: string
  alt: string
  mediaKey: string
  mime: string
  updatedAt: number
  deletedAt: number | null
}

const columns = {
  id: ownEmojis.id,
  shortcode: ownEmojis.shortcode,
  alt: ownEmojis.alt,
  mediaKey: ownEmojis.mediaKey,
  mime: sql<string>`coalesce(${media.mime}, '')`,
  updatedAt: ownEmojis.updatedAt,
  deletedAt: ownEmojis.deletedAt
}

const outgoing = (db: Reader) => db.select(columns).from(ownEmojis).leftJoin(media, eq(media.id, ownEmojis.mediaId))

const byId = prepare((db: Reader) => outgoing(db).where(eq(ownEmojis.id, sql.placeholder('id'))))

/** An emoji of ours, deleted ones too. */
export async function findOutgoingEmoji(db: Reader, id: number): Promise<OutgoingEmoji | undefined> {
  const [row] = await byId(db, { id })
  return row
}

/** The emoji of ours among some pictures, in the order of their shortcodes; deleted ones and those of others are left out. */
export async function outgoingEmojis(db: Reader, uses: readonly { key: string }[] | null): Promise<OutgoingEmoji[]> {
  if (uses === null || uses.length === 0) return []
  const keys = uses.map(({ key }) => key)
  return outgoing(db)
    .where(and(inArray(ownEmojis.mediaKey, keys), isNull(ownEmojis.deletedAt)))
    .orderBy(ownEmojis.shortcodeKey)
}

/** The emoji of ours that a reaction names: the one that stands, else the last that stood. */
export async function findOwnByShortcode(db: Reader, shortcode: string): Promise<OutgoingEmoji | undefined> {
  const [row] = await outgoing(db)
    .where(and(eq(ownEmojis.shortcodeKey, shortcode.toLowerCase()), eq(ownEmojis.shortcode, shortcode)))
    .orderBy(desc(ownEmojis.id))
    .limit(1)
  return row
}

/** An emoji of ours that may be used, letter by letter. */
export async function findUsable(db: Reader, shortcode: string): Promise<{ mediaKey: string } | undefined> {
  const [row] = await db
    .select({ mediaKey: ownEmojis.mediaKey })
    .from(ownEmojis)
    .where(and(eq(ownEmojis.shortcode, shortcode), eq(ownEmojis.isOff, false), isNull(ownEmojis.deletedAt)))
  return row
}

/** The shortcode of ours under a picture's key, as other servers give it back to us; undefined for any other key. */
export async function findOwnByKey(db: Reader, mediaKey: string): Promise<{ shortcode: string; mediaKey: string } | undefined> {
  const [row] = await db
    .select({ shortcode: ownEmojis.shortcode, mediaKey: ownEmojis.mediaKey })
    .from(ownEmojis)
    .where(and(eq(ownEmojis.mediaKey, mediaKey), isNull(ownEmojis.deletedAt)))
  return row
}
