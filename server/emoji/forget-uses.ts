import { and, eq, inArray } from 'drizzle-orm'
import { emojiUses } from '#db/schema/own-emojis.ts'
import type { Context } from '#server/context.ts'
import { enqueue, type NewJob } from '#server/jobs/enqueue.ts'
import type { JobRun } from '#server/jobs/job-run.ts'

/** An emoji may stand in all posts there are: so many rows go in one transaction, and others take their turn in between. */
const rowsPerStep = 500

export const forgetUsesKind = 'forget-emoji-uses'

/** The job that takes away what is noted of where a deleted emoji stands. */
export function forgetUsesJob(emojiId: number): NewJob {
  return { kind: forgetUsesKind, input: { emojiId }, lane: 'slow' }
}

/** A job: one step of it. */
export async function forgetUses(ctx: Context, { emojiId }: { emojiId: number }, job: JobRun): Promise<void> {
  await ctx.transact(async (tx) => {
    await job.finish(tx)
    const rows = await tx.select({ postId: emojiUses.postId }).from(emojiUses).where(eq(emojiUses.emojiId, emojiId)).limit(rowsPerStep)
    const postIds = rows.map(({ postId }) => postId)
    if (postIds.length > 0) await tx.delete(emojiUses).where(and(eq(emojiUses.emojiId, emojiId), inArray(emojiUses.postId, postIds)))
    if (rows.length === rowsPerStep) await enqueue(tx, forgetUsesJob(emojiId))
  })
}
