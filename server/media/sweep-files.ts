import { and, eq, exists, inArray, lt, not, or, sql } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { media, mediaFiles } from '#db/schema/media.ts'
import type { Context } from '#server/context.ts'

/** A file stored more recently than this (ms) is left alone: the row that shows it may be on its way. */
export const unusedMsMin = 15 * 60_000

/**
 * A job: removes those of the given files that no media row shows. The row of the file goes first; then the bytes go; then we look whether
 * somebody stored the same content meanwhile, and put it back if so (see `storeImages` for the other half).
 */
export async function sweepFiles(ctx: Context, { hashes }: { hashes: readonly string[] }): Promise<void> {
  if (hashes.length === 0) return
  const unnamed = await ctx.transact(async (tx) => {
    const isUnused = and(inArray(mediaFiles.hash, [...hashes]), lt(mediaFiles.createdAt, tx.now - unusedMsMin), not(isShown(tx)))
    return tx.delete(mediaFiles).where(isUnused).returning({ hash: mediaFiles.hash })
  })
  for (const { hash } of unnamed) await removeBytes(ctx, hash)
}

/** Removes bytes that no row names; a row that came in between gets them back. */
export async function removeBytes(ctx: Context, hash: string): Promise<void> {
  const bytes = await ctx.storage.get(hash)
  if (!bytes) return
  await ctx.storage.remove(hash)
  const named = await ctx.transact(async (tx) => tx.$count(mediaFiles, eq(mediaFiles.hash, hash)))
  if (named > 0) await ctx.storage.put(hash, bytes)
}

function isShown(tx: Tx) {
  const shows = or(eq(media.fileHash, mediaFiles.hash), eq(media.previewHash, mediaFiles.hash), eq(media.tinyHash, mediaFiles.hash))
  return exists(tx.select({ one: sql`1` }).from(media).where(shows))
}
