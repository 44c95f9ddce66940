import { asc, isNotNull, isNull } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { emojis } from '#db/schema/emoji.ts'
import { ownEmojis } from '#db/schema/own-emojis.ts'
import type { Context } from '#server/context.ts'
import { cachedUntilSignal } from '#server/platform/cached.ts'
import { onePer } from '#server/platform/one-per.ts'

export const emojiTopic = 'emoji'

export type OwnEmoji = typeof ownEmojis.$inferSelect

/** What pages have to know of custom emoji, whole in memory: some thousands at most (ownEmojisMax, blockedEmojisMax). */
export interface EmojiBook {
  /** Those of this instance by key of the picture, switched off ones too. */
  byKey: ReadonlyMap<string, OwnEmoji>
  /** Those that are offered to choose from, by category and shortcode. */
  offered: readonly OwnEmoji[]
  /** Keys of pictures that are not shown: deleted here, or blocked. Their shortcode stands as text. */
  hidden: ReadonlySet<string>
}

/** For what is drawn without an instance: everything is shown as it says. */
export const emptyBook: EmojiBook = { byKey: new Map(), offered: [], hidden: new Set() }

const storeOf = onePer((ctx: Context) => cachedUntilSignal(ctx.database, emojiTopic, () => loadBook(ctx.db)))

/** The custom emoji as they stand, at most a second behind another process. */
export function emojiBook(ctx: Context): Promise<EmojiBook> {
  return storeOf(ctx)()
}

async function loadBook(db: Reader): Promise<EmojiBook> {
  const own = await db
    .select()
    .from(ownEmojis)
    .where(isNull(ownEmojis.deletedAt))
    .orderBy(asc(ownEmojis.category), asc(ownEmojis.shortcodeKey))
  const deleted = await db.select({ key: ownEmojis.mediaKey }).from(ownEmojis).where(isNotNull(ownEmojis.deletedAt))
  const blocked = await db.select({ key: emojis.mediaKey }).from(emojis).where(isNotNull(emojis.blockedAt))
  return {
    byKey: new Map(own.map((each) => [each.mediaKey, each])),
    offered: own.filter(({ isHidden, isOff }) => !isHidden && !isOff),
    hidden: new Set([...deleted, ...blocked].map(({ key }) => key))
  }
}
