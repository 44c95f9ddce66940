import { and, eq } from 'drizzle-orm'
import { media } from '#db/schema/media.ts'
import type { Context } from '#server/context.ts'
import { fetchRemoteMedia } from '#server/media/fetch-remote-media.ts'
import { findMediaFile, type MediaFile } from '#server/media/find-media-file.ts'
import { storeImages } from '#server/media/store-images.ts'
import type { Media } from '#server/media/upload-image.ts'
import { onePer } from '#server/platform/one-per.ts'

/** By id of the media row: whoever asks for one that is being made waits for that. */
const underWayOf = onePer((_ctx: Context) => new Map<number, Promise<MediaFile | undefined>>())

/**
 * The tiny picture of a picture, made and kept when it is first asked for. A remote picture is fetched for it like for its first look; once made, the tiny one
 * outlives its file. Undefined when the picture cannot be had. Refusal `too-many` when too many pictures wait.
 */
export async function findTinyPicture(ctx: Context, shown: Media): Promise<MediaFile | undefined> {
  const known = await findMediaFile(ctx.db, shown, 'tiny')
  if (known) return known
  const underWay = underWayOf(ctx)
  const running = underWay.get(shown.id)
  if (running) return running
  const made = makeAndKeep(ctx, shown).finally(() => underWay.delete(shown.id))
  underWay.set(shown.id, made)
  return made
}

async function makeAndKeep(ctx: Context, shown: Media): Promise<MediaFile | undefined> {
  const fetched = await fetchRemoteMedia(ctx, shown)
  const file = fetched && (await findMediaFile(ctx.db, fetched, 'preview'))
  const bytes = file && (await ctx.storage.get(file.hash))
  if (!fetched || fetched.fileHash === null || !bytes) return undefined
  const { fileHash } = fetched
  const full = await ctx.images.makeTiny(bytes)
  return storeImages(ctx, { full, preview: undefined }, async (tx, stored) => {
    const isSame = and(eq(media.id, shown.id), eq(media.fileHash, fileHash))
    const [kept] = await tx.update(media).set({ tinyHash: stored.fileHash }).where(isSame).returning()
    return kept && findMediaFile(tx, kept, 'tiny')
  })
}
