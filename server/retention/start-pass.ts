import { and, eq, inArray, isNotNull, isNull, lt } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { posts } from '#db/schema/posts.ts'
import { retentionPasses } from '#db/schema/retention.ts'
import type { Context } from '#server/context.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { findLastPass } from '#server/retention/find-pass.ts'
import { type RetentionLimits, retentionLimits } from '#server/retention/limits.ts'

/** Passes that ended are kept so long (ms) for the page. */
const passKeptMs = 30 * 24 * 60 * 60_000

/** Begins a pass and its first step as a job; one of a kind that is under way is left to run. Returns its id. */
export async function startPass(tx: Tx, kind: 'preview' | 'sweep', limits: RetentionLimits): Promise<number> {
  const running = await findLastPass(tx, kind, 'running')
  if (running && kind === 'sweep') return running.id
  // A preview of other limits makes the one under way pointless.
  if (running) await tx.delete(retentionPasses).where(eq(retentionPasses.id, running.id))
  await tx.delete(retentionPasses).where(and(isNotNull(retentionPasses.endedAt), lt(retentionPasses.endedAt, tx.now - passKeptMs)))
  const id = tx.newId()
  const postsTotal = await countRemotePosts(tx)
  const excessLeft = limits.remotePostsMax > 0 ? Math.max(0, postsTotal - limits.remotePostsMax) : 0
  await tx.insert(retentionPasses).values({ id, kind, limits, postsTotal, excessLeft, startedAt: tx.now })
  await enqueue(tx, { kind: 'step-retention', input: { passId: id }, lane: 'slow' })
  return id
}

/** From three counts that are answered by indexes: looking at each row of a million would hold everybody up. */
async function countRemotePosts(tx: Tx): Promise<number> {
  const ours = tx.select({ id: accounts.id }).from(accounts).where(isNull(accounts.domain))
  const all = await tx.$count(posts)
  const boosts = await tx.$count(posts, isNotNull(posts.boostOfId))
  const local = await tx.$count(posts, and(inArray(posts.authorId, ours), isNull(posts.boostOfId)))
  return Math.max(0, all - boosts - local)
}

/** Daily: what is beyond the limits goes. */
export async function sweepRetention(ctx: Context): Promise<void> {
  const limits = await retentionLimits(ctx)
  await ctx.transact(async (tx) => {
    await startPass(tx, 'sweep', limits)
  })
}
