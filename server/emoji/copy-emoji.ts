import { eq } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { emojis } from '#db/schema/emoji.ts'
import { media } from '#db/schema/media.ts'
import { requireRole, type Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { addEmoji, emojiBytesMax } from '#server/emoji/add-emoji.ts'
import { checkShortcode, checkWords, type EmojiWords } from '#server/emoji/check-emoji.ts'
import type { OwnEmoji } from '#server/emoji/emoji-book.ts'
import { checkEach, Refusal } from '#server/errors.ts'
import { fetchBytes } from '#server/media/fetch-remote-media.ts'
import { hostOf } from '#server/platform/host-names.ts'

/**
 * Makes an emoji of another server one of ours: its picture is fetched anew, since what is kept of others stands still, and taken as it is kept where its server
 * does not answer. Refusals: addEmoji's; 'missing' for one that is not known; 'forbidden' of a server that is suspended here; 'unavailable' where its picture cannot be had.
 */
export async function copyEmoji(
  ctx: Context,
  who: Who,
  { fromId, ...input }: EmojiWords & { fromId: number; shortcode: string }
): Promise<OwnEmoji> {
  requireRole(who, 'admin')
  // What was typed wrongly is told before anybody is asked for a picture.
  checkEach({ shortcode: () => checkShortcode(input.shortcode), words: () => checkWords(input) })
  const from = await getForeignEmoji(ctx.db, fromId)
  // The picture may lie at a third server.
  for (const host of new Set([from.host, hostOf(from.remoteUrl) ?? from.host]))
    if (await ctx.limits.isSuspended(host)) throw new Refusal('forbidden', 'errors.emojiOfSuspended', { host })
  const fetched = await fetchBytes(ctx, from.remoteUrl, emojiBytesMax)
  const bytes = Buffer.isBuffer(fetched) ? fetched : await keptBytes(ctx, from.mediaId)
  if (!bytes) throw new Refusal('unavailable', 'errors.emojiUnfetched')
  return addEmoji(ctx, who, { ...input, bytes, copiedFrom: from.host })
}

export type ForeignEmoji = typeof emojis.$inferSelect

/** An emoji of another server. Refusal 'missing'. */
export async function getForeignEmoji(db: Reader, id: number): Promise<ForeignEmoji> {
  const [row] = await db.select().from(emojis).where(eq(emojis.id, id))
  if (!row) throw new Refusal('missing', 'errors.emojiMissing')
  return row
}

async function keptBytes(ctx: Context, mediaId: number): Promise<Buffer | undefined> {
  const [row] = await ctx.db.select({ hash: media.fileHash }).from(media).where(eq(media.id, mediaId))
  return row?.hash == null ? undefined : ctx.storage.get(row.hash)
}
