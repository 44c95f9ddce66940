import { and, eq, inArray, sql } from 'drizzle-orm'
import { prepare, type Reader, type Tx } from '#db/reader.ts'
import { emojis, type EmojiUse } from '#db/schema/emoji.ts'
import { media } from '#db/schema/media.ts'
import { findInstanceActor } from '#server/accounts/instance-actor.ts'
import { findOwnByKey } from '#server/emoji/find-own.ts'
import { removeMediaFiles } from '#server/media/remove-media.ts'
import { remoteAddressOf } from '#server/media/replace-picture.ts'
import type { Random } from '#server/platform/random.ts'

/** Custom emoji kept of one document; what comes after is left out. */
export const emojisPerDocumentMax = 64
/** Custom emoji kept of one host; the largest servers have some thousands. */
const emojisPerHostMax = 20_000

/** A custom emoji as a remote document tells of it. */
export interface ToldEmoji {
  /** Without the colons. */
  shortcode: string
  url: string
  /** ms since 1970; 0 when nothing is said. */
  updatedAt: number
}

type EmojiRow = typeof emojis.$inferSelect

const hostOfMedia = prepare((db: Reader) =>
  db
    .select({ host: emojis.host, blockedAt: emojis.blockedAt })
    .from(emojis)
    .where(eq(emojis.mediaId, sql.placeholder('mediaId')))
)

/**
 * Writes down the custom emoji that somebody of a host uses, without fetching any; each is fetched when somebody first looks at it. One shortcode means
 * one picture a host: a newer one takes the place of the older, under the same key. In the order given; those without a picture's address are left out.
 */
export async function keepEmojis(tx: Tx, random: Random, host: string, told: readonly ToldEmoji[]): Promise<EmojiUse[]> {
  const wanted = told.slice(0, emojisPerDocumentMax)
  if (wanted.length === 0) return []
  const codes = wanted.map(({ shortcode }) => shortcode)
  const rows = await tx
    .select()
    .from(emojis)
    .where(and(eq(emojis.host, host), inArray(emojis.shortcode, codes)))
  const known = new Map(rows.map((row) => [row.shortcode, row]))
  const uses: EmojiUse[] = []
  const isFull = wanted.length > rows.length && (await tx.$count(emojis, eq(emojis.host, host))) >= emojisPerHostMax
  for (const each of wanted) {
    const remoteUrl = remoteAddressOf(each.url)
    if (remoteUrl === undefined) continue
    // One of ours that came back, as somebody elsewhere uses it: its picture is here.
    const own = await findOwnAt(tx, remoteUrl)
    if (own) {
      uses.push({ shortcode: each.shortcode, key: own.mediaKey })
      continue
    }
    const row = known.get(each.shortcode)
    if (row && row.remoteUrl !== remoteUrl && each.updatedAt >= row.updatedAt) await replacePicture(tx, row, remoteUrl, each.updatedAt)
    const kept = row ?? (isFull ? undefined : await insertEmoji(tx, random, host, { ...each, url: remoteUrl }))
    if (kept) uses.push({ shortcode: kept.shortcode, key: kept.mediaKey })
  }
  return uses
}

const ownPath = /^\/media\/([A-Za-z0-9_-]{22,64})$/

/**
 * The emoji of ours that an address shows, whatever its host: keys cannot be guessed, so that whoever names one has it from us, and an instance that changed
 * its origin is still known by it. Whoever names one under a host of theirs has our picture shown, as under ours.
 */
export async function findOwnAt(db: Reader, url: string): Promise<{ shortcode: string; mediaKey: string } | undefined> {
  const [, key] = ownPath.exec(URL.parse(url)?.pathname ?? '') ?? []
  return key === undefined ? undefined : findOwnByKey(db, key)
}

/** A custom emoji that is known here; `shortcode` without colons. */
export async function findEmoji(db: Reader, host: string, shortcode: string): Promise<EmojiRow | undefined> {
  const [row] = await db
    .select()
    .from(emojis)
    .where(and(eq(emojis.host, host), eq(emojis.shortcode, shortcode)))
  return row
}

/** The host whose emoji a row of media shows, and whether it is blocked here; undefined for other pictures. */
export async function findShownEmoji(db: Reader, mediaId: number): Promise<{ host: string; isBlocked: boolean } | undefined> {
  const [row] = await hostOfMedia(db, { mediaId })
  return row && { host: row.host, isBlocked: row.blockedAt !== null }
}

async function insertEmoji(tx: Tx, random: Random, host: string, { shortcode, url, updatedAt }: ToldEmoji): Promise<EmojiRow | undefined> {
  const owner = await findInstanceActor(tx)
  if (!owner) return undefined
  const mediaKey = random.token()
  const mediaId = tx.newId()
  const [row] = await tx
    .insert(emojis)
    .values({ id: tx.newId(), host, shortcode, remoteUrl: url, mediaId, mediaKey, updatedAt, createdAt: tx.now })
    .onConflictDoNothing({ target: [emojis.host, emojis.shortcode] })
    .returning()
  // Somebody else of that host used it a moment ago, for the first time as well.
  if (!row) return findEmoji(tx, host, shortcode)
  // Many use it, so that it belongs to nobody but the instance.
  await tx
    .insert(media)
    .values({ id: mediaId, key: mediaKey, accountId: owner.id, use: 'emoji', remoteUrl: url, mime: '', createdAt: tx.now })
  return row
}

/** The row and its key stay, since posts name them; what was fetched goes. */
async function replacePicture(tx: Tx, row: EmojiRow, remoteUrl: string, updatedAt: number): Promise<void> {
  await tx.update(emojis).set({ remoteUrl, updatedAt }).where(eq(emojis.id, row.id))
  const [before] = await tx.select().from(media).where(eq(media.id, row.mediaId))
  if (!before) return
  const fresh = { remoteUrl, mime: '', fileHash: null, previewHash: null, tinyHash: null, width: null, height: null, isBroken: false }
  await tx.update(media).set(fresh).where(eq(media.id, row.mediaId))
  await removeMediaFiles(tx, [before])
}
