import { eq } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { retentionPasses } from '#db/schema/retention.ts'
import type { Context } from '#server/context.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import type { JobRun } from '#server/jobs/job-run.ts'
import { findPass, type RetentionPass } from '#server/retention/find-pass.ts'
import { stepAccounts } from '#server/retention/step-accounts.ts'
import { stepPictures } from '#server/retention/step-pictures.ts'
import { stepPosts } from '#server/retention/step-posts.ts'

/** The parts of a pass in their order, each with its steps: whose posts are gone may go themselves. */
const parts = { posts: stepPosts, pictures: stepPictures, accounts: stepAccounts }
const nextPart = { posts: 'pictures', pictures: 'accounts', accounts: undefined } as const

export type PassChanges = Partial<RetentionPass>

/** What one step found in its part: how the pass goes on, and what is to be removed in the same transaction. */
export interface Step {
  changes: PassChanges
  /** Whether the part is through. */
  isEnd: boolean
  /** Removes what was found and still is to go; absent in a preview. Returns corrections of what was counted. */
  remove?: (tx: Tx) => Promise<PassChanges>
}

/** One step of a pass: some hundreds of rows are looked at beside everybody else, and what goes, goes with the progress in one transaction. */
export async function stepRetention(ctx: Context, { passId }: { passId: number }, job: JobRun): Promise<void> {
  const pass = await findPass(ctx.db, passId)
  // A newer preview took the place of this one.
  if (!pass || pass.endedAt !== null) return
  const { changes, isEnd, remove } = await parts[pass.part](ctx, pass)
  await ctx.transact(async (tx) => {
    await job.finish(tx)
    const corrected = remove ? await remove(tx) : {}
    const isOver = isEnd && nextPart[pass.part] === undefined
    const next: PassChanges = isOver ? { endedAt: tx.now } : isEnd ? { part: nextPart[pass.part], afterId: 0 } : {}
    await tx
      .update(retentionPasses)
      .set({ ...changes, ...corrected, ...next })
      .where(eq(retentionPasses.id, pass.id))
    if (!isOver) await enqueue(tx, { kind: 'step-retention', input: { passId: pass.id }, lane: 'slow' })
  })
}
