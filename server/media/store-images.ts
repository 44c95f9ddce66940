import { createHash } from 'node:crypto'
import type { Tx } from '#db/reader.ts'
import { mediaFiles } from '#db/schema/media.ts'
import type { Context } from '#server/context.ts'
import type { MadeImage, MadeImages } from '#server/media/images.ts'

/** What a media row says of its files. */
export interface StoredImages {
  mime: string
  width: number
  height: number
  fileHash: string
  previewHash: string | null
}

/**
 * Puts pictures into storage and runs `write` in the transaction that makes them known, and gives its answer back. Bytes come first, so that
 * no row ever names a file that a crash kept from being written; a file whose row was never written is swept.
 *
 * The sweep may be removing the very same content at this moment (it removes, then asks for a row). So the row's time is renewed, which
 * keeps its row, and after the commit the file is looked for once more, which keeps its bytes.
 */
export async function storeImages<T>(ctx: Context, made: MadeImages, write: (tx: Tx, stored: StoredImages) => Promise<T>): Promise<T> {
  const files = [made.full, ...(made.preview ? [made.preview] : [])].map((image) => ({ image, hash: hashOf(image) }))
  for (const { hash, image } of files) await ctx.storage.put(hash, image.bytes)
  const stored = storedOf(made)
  const answer = await ctx.transact(async (tx) => {
    for (const { hash, image } of files) await nameFile(tx, hash, image)
    return write(tx, stored)
  })
  for (const { hash, image } of files) if (!(await ctx.storage.has(hash))) await ctx.storage.put(hash, image.bytes)
  return answer
}

function storedOf(made: MadeImages): StoredImages {
  const { mime, width, height } = made.full
  return { mime, width, height, fileHash: hashOf(made.full), previewHash: made.preview ? hashOf(made.preview) : null }
}

function hashOf(image: MadeImage): string {
  return createHash('sha256').update(image.bytes).digest('hex')
}

async function nameFile(tx: Tx, hash: string, { mime, width, height, bytes }: MadeImage): Promise<void> {
  const row = { hash, mime, sizeBytes: bytes.length, width, height, createdAt: tx.now }
  await tx
    .insert(mediaFiles)
    .values(row)
    .onConflictDoUpdate({ target: mediaFiles.hash, set: { createdAt: tx.now } })
}
