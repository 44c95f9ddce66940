import { and, eq, inArray, isNull, or } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import type { EmojiUse } from '#db/schema/emoji.ts'
import { emojiUses, ownEmojis } from '#db/schema/own-emojis.ts'
import { emojisPerDocumentMax } from '#server/media/remote-emoji.ts'

const shortcode = /:([A-Za-z0-9_]{2,64}):/g
/** Within these a shortcode is part of an address, a name or a program, and no picture. */
const plain = /<(a|code|pre|kbd|samp)(?=[\s>])[^>]*>.*?<\/\1>/gs

/** The shortcodes in what one of ours wrote, rendered as HTML or plain, each once and not more than a post may hold. Pure. */
export function shortcodesIn(texts: readonly string[]): string[] {
  const found = new Set<string>()
  for (const text of texts) {
    if (!text.includes(':')) continue
    const words = text.replace(plain, ' ').replace(/<[^>]*>/g, ' ')
    for (const [, code = ''] of words.matchAll(shortcode)) {
      found.add(code)
      if (found.size >= emojisPerDocumentMax) return [...found]
    }
  }
  return [...found]
}

/**
 * The emoji of this instance that stand in some texts, by shortcode, letter by letter; null for none, as posts and accounts keep it. One that was switched off
 * is none, unless it stood there `before`.
 */
export async function emojisWritten(
  tx: Tx,
  texts: readonly string[],
  before: readonly EmojiUse[] | null = null
): Promise<(EmojiUse & { id: number })[] | null> {
  const codes = shortcodesIn(texts)
  if (codes.length === 0) return null
  const keysBefore = (before ?? []).map(({ key }) => key)
  const mayStand =
    keysBefore.length === 0 ? eq(ownEmojis.isOff, false) : or(eq(ownEmojis.isOff, false), inArray(ownEmojis.mediaKey, keysBefore))
  const rows = await tx
    .select({ id: ownEmojis.id, shortcode: ownEmojis.shortcode, key: ownEmojis.mediaKey })
    .from(ownEmojis)
    .where(and(inArray(ownEmojis.shortcode, codes), mayStand, isNull(ownEmojis.deletedAt)))
    .orderBy(ownEmojis.shortcodeKey)
  return rows.length === 0 ? null : rows
}

/** The same as a row keeps it. Pure. */
export function usesOf(written: readonly (EmojiUse & { id: number })[] | null): EmojiUse[] | null {
  return written?.map(({ shortcode: code, key }) => ({ shortcode: code, key })) ?? null
}

/** Writes down which emoji a post of ours holds now. */
export async function noteUses(tx: Tx, postId: number, written: readonly { id: number }[] | null, isNew: boolean): Promise<void> {
  if (!isNew) await tx.delete(emojiUses).where(eq(emojiUses.postId, postId))
  if (written) await tx.insert(emojiUses).values(written.map(({ id }) => ({ emojiId: id, postId })))
}
