import { inArray, lt } from 'drizzle-orm'
import { media } from '#db/schema/media.ts'
import { linkPreviews } from '#db/schema/previews.ts'
import type { Context } from '#server/context.ts'
import { removeMediaRows } from '#server/media/remove-media.ts'

const dayMs = 24 * 60 * 60_000
/** What nobody looked at for so long goes; whoever looks later has it asked again. */
const keptMs = 30 * dayMs
const rowsPerStep = 200

/** By the clock: previews of pages that were last asked a month ago, with their pictures. Each look at one that is a week old asks again. */
export async function sweepPreviews(ctx: Context): Promise<void> {
  for (;;) {
    const removed = await ctx.transact(async (tx) => {
      const rows = await tx
        .select({ id: linkPreviews.id, mediaId: linkPreviews.mediaId })
        .from(linkPreviews)
        .where(lt(linkPreviews.askedAt, tx.now - keptMs))
        .limit(rowsPerStep)
      if (rows.length === 0) return 0
      const pictures = rows.flatMap(({ mediaId }) => mediaId ?? [])
      if (pictures.length > 0) await removeMediaRows(tx, await tx.select().from(media).where(inArray(media.id, pictures)))
      await tx.delete(linkPreviews).where(
        inArray(
          linkPreviews.id,
          rows.map(({ id }) => id)
        )
      )
      return rows.length
    })
    if (removed < rowsPerStep) return
  }
}
