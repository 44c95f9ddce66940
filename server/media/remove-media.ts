import { and, eq, inArray, isNull } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { media } from '#db/schema/media.ts'
import type { Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { unusedMsMin } from '#server/media/sweep-files.ts'

/** Rows removed in one transaction, so that an account with many pictures holds nobody up. */
const rowsPerStep = 500

/** Takes back an upload that waits for its post. Refusal `missing` for what is not theirs or no longer waits. */
export async function removeMedia(ctx: Context, who: Who, mediaId: number): Promise<void> {
  if (who.kind !== 'account') throw new Refusal('forbidden', 'media.peopleOnly')
  await ctx.transact(async (tx) => {
    const isTheirs = and(eq(media.id, mediaId), eq(media.accountId, who.account.id), eq(media.use, 'post'), isNull(media.postId))
    const rows = await tx.select().from(media).where(isTheirs)
    if (rows.length === 0) throw new Refusal('missing', 'media.missing')
    await removeMediaRows(tx, rows)
  })
}

/** Reaction to a deleted post, together with it: its pictures answer 404 from then on. */
export async function removeMediaOfPost(tx: Tx, { postId }: { postId: number }): Promise<void> {
  await removeMediaRows(tx, await tx.select().from(media).where(eq(media.postId, postId)))
}

/** Later reaction to an erased account: all its pictures, some at a time. */
export async function removeMediaOfAccount(ctx: Context, { accountId }: { accountId: number }): Promise<void> {
  for (;;) {
    const removed = await ctx.transact(async (tx) => {
      const rows = await tx.select().from(media).where(eq(media.accountId, accountId)).limit(rowsPerStep)
      await removeMediaRows(tx, rows)
      return rows.length
    })
    if (removed < rowsPerStep) return
  }
}

interface RemovableMedia {
  id: number
  fileHash: string | null
  previewHash: string | null
  tinyHash: string | null
}

/** Removes rows; their files follow a little later, unless other rows show the same content. */
export async function removeMediaRows(tx: Tx, rows: readonly RemovableMedia[]): Promise<void> {
  if (rows.length === 0) return
  await tx.delete(media).where(
    inArray(
      media.id,
      rows.map(({ id }) => id)
    )
  )
  await removeMediaFiles(tx, rows)
}

/** Removes the files of rows that no longer name them, a little later and unless other rows show the same content. */
export async function removeMediaFiles(tx: Tx, rows: readonly Omit<RemovableMedia, 'id'>[]): Promise<void> {
  const hashes = [...new Set(rows.flatMap(({ fileHash, previewHash, tinyHash }) => [fileHash, previewHash, tinyHash]))].filter(
    (hash) => hash !== null
  )
  if (hashes.length > 0) await enqueue(tx, { kind: 'sweep-media-files', input: { hashes }, lane: 'slow', runAt: tx.now + unusedMsMin })
}
