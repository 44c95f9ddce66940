import { and, eq, isNotNull, isNull } from 'drizzle-orm'
import { emojis } from '#db/schema/emoji.ts'
import { requireRole, type Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { emojiTopic } from '#server/emoji/emoji-book.ts'
import { Refusal } from '#server/errors.ts'
import { recordAudit } from '#server/moderation/record-audit.ts'

/** Blocked emoji are held in memory: of a server that has more, the server is what to limit. */
export const blockedEmojisMax = 5_000

/**
 * Hides one emoji of another server, or shows it again: blocked, its shortcode stands as text in posts, names and reactions, and its picture is not served.
 * Refusals: 'forbidden' for all but moderators, 'missing', 'conflict' for more than 5,000.
 */
export async function blockEmoji(ctx: Context, who: Who, { emojiId, isBlocked }: { emojiId: number; isBlocked: boolean }): Promise<void> {
  requireRole(who, 'moderator')
  await ctx.transact(async (tx) => {
    const [row] = await tx.select().from(emojis).where(eq(emojis.id, emojiId))
    if (!row) throw new Refusal('missing', 'errors.emojiMissing')
    if (isBlocked && (await tx.$count(emojis, isNotNull(emojis.blockedAt))) >= blockedEmojisMax)
      throw new Refusal('conflict', 'errors.blockedEmojisMax', { max: blockedEmojisMax })
    const isOther = isBlocked ? isNull(emojis.blockedAt) : isNotNull(emojis.blockedAt)
    const changed = await tx
      .update(emojis)
      .set({ blockedAt: isBlocked ? tx.now : null })
      .where(and(eq(emojis.id, emojiId), isOther))
      .returning({ id: emojis.id })
    if (changed.length === 0) return
    tx.signal(emojiTopic)
    await recordAudit(tx, who, {
      act: isBlocked ? 'emoji-blocked' : 'emoji-unblocked',
      targetKind: 'emoji',
      target: `${row.shortcode}@${row.host}`,
      targetLabel: `:${row.shortcode}: (${row.host})`
    })
  })
}
