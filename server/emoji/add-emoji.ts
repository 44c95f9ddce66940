import { and, eq, isNull } from 'drizzle-orm'
import type { Reader, Tx } from '#db/reader.ts'
import { IdTaken } from '#db/id-taken.ts'
import { media } from '#db/schema/media.ts'
import { ownEmojis } from '#db/schema/own-emojis.ts'
import { findInstanceActor } from '#server/accounts/instance-actor.ts'
import { requireRole, type Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { checkShortcode, checkWords, type EmojiWords, ownEmojisMax } from '#server/emoji/check-emoji.ts'
import { emojiTopic, type OwnEmoji } from '#server/emoji/emoji-book.ts'
import { checkEachInTurn, Refusal } from '#server/errors.ts'
import type { MadeImages } from '#server/media/images.ts'
import { storeImages, type StoredImages } from '#server/media/store-images.ts'
import { recordAudit } from '#server/moderation/record-audit.ts'

const KiB = 1024
/** An emoji as it is uploaded, and as it is stored: an animation may grow when it is encoded anew. */
export const emojiBytesMax = 256 * KiB
const storedBytesMax = 512 * KiB

export interface NewEmoji extends EmojiWords {
  shortcode: string
  /** The file as it came; undefined when none did. */
  bytes: Buffer | undefined
  /** Host it is copied from; null for an upload. */
  copiedFrom: string | null
}

/**
 * Adds a custom emoji: the picture is looked into, made at most 128 by 128 pixels and encoded anew; an animation stays one and gets a still version. Refusals:
 * 'forbidden' for all but admins; at their field checkShortcode's and checkWords', 'conflict' for a shortcode that stands already, whatever its case; at `image`
 * 'invalid' (none, empty, broken, too many pixels or frames), 'too-large' above 256 KB, 'unsupported'; 'conflict' for more than 2,000.
 */
export async function addEmoji(ctx: Context, who: Who, { bytes, copiedFrom, ...input }: NewEmoji): Promise<OwnEmoji> {
  requireRole(who, 'admin')
  const { shortcode, words, made } = await checkEachInTurn({
    shortcode: () => readFreeShortcode(ctx.db, input.shortcode),
    words: () => checkWords(input),
    made: () => makeImages(ctx, bytes)
  })
  const mediaKey = ctx.random.token()
  return storeImages(ctx, made, async (tx, stored) => {
    await refuseTaken(tx, shortcode)
    if ((await tx.$count(ownEmojis, isNull(ownEmojis.deletedAt))) >= ownEmojisMax)
      throw new Refusal('conflict', 'errors.emojisMax', { max: ownEmojisMax })
    const picture = { mediaId: await insertPicture(tx, mediaKey, stored), mediaKey, isAnimated: stored.previewHash !== null }
    const [added] = await tx
      .insert(ownEmojis)
      .values({
        id: tx.newId(),
        shortcode,
        shortcodeKey: shortcode.toLowerCase(),
        ...words,
        ...picture,
        copiedFrom,
        createdAt: tx.now,
        updatedAt: tx.now
      })
      .onConflictDoNothing()
      .returning()
    if (!added) {
      // Somebody added the same a moment ago; or another, under the same id.
      await refuseTaken(tx, shortcode)
      throw new IdTaken()
    }
    tx.signal(emojiTopic)
    await recordAudit(tx, who, {
      act: copiedFrom === null ? 'emoji-added' : 'emoji-copied',
      targetKind: 'emoji',
      target: String(added.id),
      targetLabel: `:${shortcode}:`,
      details: copiedFrom === null ? {} : { host: copiedFrom }
    })
    return added
  })
}

async function readFreeShortcode(db: Reader, typed: string): Promise<string> {
  const shortcode = checkShortcode(typed)
  await refuseTaken(db, shortcode)
  return shortcode
}

async function refuseTaken(db: Reader, shortcode: string): Promise<void> {
  const isKey = eq(ownEmojis.shortcodeKey, shortcode.toLowerCase())
  if ((await db.$count(ownEmojis, and(isKey, isNull(ownEmojis.deletedAt)))) > 0) throw taken(shortcode)
}

function taken(shortcode: string): Refusal {
  return new Refusal('conflict', 'errors.shortcodeTaken', { shortcode: `:${shortcode}:` }, 'shortcode')
}

async function makeImages(ctx: Context, bytes: Buffer | undefined): Promise<MadeImages> {
  if (bytes === undefined) throw new Refusal('invalid', 'errors.emojiPicture', {}, 'image')
  if (bytes.length > emojiBytesMax) throw new Refusal('too-large', 'errors.emojiTooLarge', { kilobytes: emojiBytesMax / KiB }, 'image')
  try {
    const made = await ctx.images.make(bytes, { use: 'own-emoji', isFirstFrameEnough: false })
    if (made.full.bytes.length <= storedBytesMax) return made
  } catch (error) {
    throw error instanceof Refusal && error.kind !== 'too-many' ? new Refusal(error.kind, error.key, error.values, 'image') : error
  }
  throw new Refusal('too-large', 'errors.emojiTooHeavy', { kilobytes: storedBytesMax / KiB }, 'image')
}

/** It belongs to the instance, so that it outlives whoever added it. */
async function insertPicture(tx: Tx, key: string, stored: StoredImages): Promise<number> {
  const owner = await findInstanceActor(tx)
  if (!owner) throw new Refusal('unavailable', 'errors.text503')
  const id = tx.newId()
  await tx.insert(media).values({ id, key, accountId: owner.id, use: 'emoji', ...stored, createdAt: tx.now })
  return id
}
