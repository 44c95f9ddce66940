import { and, eq, isNull } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { media } from '#db/schema/media.ts'
import { ownEmojis } from '#db/schema/own-emojis.ts'
import { requireRole, type Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { checkWords, type EmojiWords } from '#server/emoji/check-emoji.ts'
import { emojiTopic, type OwnEmoji } from '#server/emoji/emoji-book.ts'
import { forgetUsesJob } from '#server/emoji/forget-uses.ts'
import { Refusal } from '#server/errors.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { removeMediaRows } from '#server/media/remove-media.ts'
import { recordAudit } from '#server/moderation/record-audit.ts'

interface Which {
  emojiId: number
}

/** Says other words of an emoji; its shortcode and picture stay, since posts here and elsewhere hold them. Refusals: 'forbidden', 'missing', checkWords'. */
export async function changeEmoji(ctx: Context, who: Who, { emojiId, ...input }: Which & EmojiWords): Promise<void> {
  requireRole(who, 'admin')
  const words = checkWords(input)
  await ctx.transact(async (tx) => {
    const { category, alt, isHidden } = await standing(tx, emojiId)
    if (category === words.category && alt === words.alt && isHidden === words.isHidden) return
    await change(tx, who, emojiId, 'emoji-changed', words)
  })
}

/** Lets nobody use an emoji from now on, or again; where it stands it stays. Refusals: 'forbidden' for all but moderators, 'missing'. */
export async function switchEmoji(ctx: Context, who: Who, { emojiId, isOff }: Which & { isOff: boolean }): Promise<void> {
  requireRole(who, 'moderator')
  await ctx.transact(async (tx) => {
    const before = await standing(tx, emojiId)
    if (before.isOff !== isOff) await change(tx, who, emojiId, isOff ? 'emoji-switched-off' : 'emoji-switched-on', { isOff })
  })
}

/**
 * Deletes an emoji with its picture: wherever it stands its shortcode is text from now on, and the shortcode is free. The row stays, so that its address is
 * gone rather than another's. Refusals: 'forbidden' for all but admins, 'missing'.
 */
export async function deleteEmoji(ctx: Context, who: Who, { emojiId }: Which): Promise<void> {
  requireRole(who, 'admin')
  await ctx.transact(async (tx) => {
    const { mediaId } = await standing(tx, emojiId)
    await change(tx, who, emojiId, 'emoji-deleted', { deletedAt: tx.now, alt: '', category: '' })
    await enqueue(tx, forgetUsesJob(emojiId))
    await removeMediaRows(tx, await tx.select().from(media).where(eq(media.id, mediaId)))
  })
}

async function standing(tx: Tx, emojiId: number): Promise<OwnEmoji> {
  const [row] = await tx
    .select()
    .from(ownEmojis)
    .where(and(eq(ownEmojis.id, emojiId), isNull(ownEmojis.deletedAt)))
  if (!row) throw new Refusal('missing', 'errors.emojiMissing')
  return row
}

async function change(tx: Tx, who: Who, emojiId: number, act: string, changes: Partial<OwnEmoji>): Promise<void> {
  const [changed] = await tx
    .update(ownEmojis)
    .set({ ...changes, updatedAt: tx.now })
    .where(eq(ownEmojis.id, emojiId))
    .returning({ shortcode: ownEmojis.shortcode })
  tx.signal(emojiTopic)
  await recordAudit(tx, who, { act, targetKind: 'emoji', target: String(emojiId), targetLabel: `:${changed?.shortcode ?? ''}:` })
}
