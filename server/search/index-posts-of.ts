import { and, desc, eq, isNull, lt, sql } from 'drizzle-orm'
import { prepare, type Reader, type Tx } from '#db/reader.ts'
import { posts } from '#db/schema/posts.ts'
import type { Context } from '#server/context.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import type { JobRun } from '#server/jobs/job-run.ts'
import { indexPost } from '#server/search/index-post.ts'

export const indexPostsOfJob = 'index-posts-of'
/** As in index-earlier: some tens of milliseconds a step. */
const postsPerStep = 100

interface Input {
  accountId: number
  /** Posts below this id are still to come. */
  beforeId: number
}

/** Somebody wants to be found from now on, or not any more: the index follows, the newest posts first, in steps. */
export async function indexPostsOf(tx: Tx, accountId: number): Promise<void> {
  await enqueue(tx, jobOf({ accountId, beforeId: Number.MAX_SAFE_INTEGER }))
}

function jobOf(input: Input) {
  return { kind: indexPostsOfJob, input: { ...input }, lane: 'slow' as const, orderKey: `${indexPostsOfJob} ${input.accountId}` }
}

export async function stepPostsOf(ctx: Context, { accountId, beforeId }: Input, job: JobRun): Promise<void> {
  await ctx.transact(async (tx) => {
    await job.finish(tx)
    const rows = await readPublic(tx, { accountId, before: beforeId })
    for (const { id } of rows) await indexPost(tx, id)
    const last = rows.at(-1)
    if (last && rows.length === postsPerStep) await enqueue(tx, jobOf({ accountId, beforeId: last.id }))
  })
}

const readPublic = prepare((db: Reader) =>
  db
    .select({ id: posts.id })
    .from(posts)
    .where(
      and(
        eq(posts.authorId, sql.placeholder('accountId')),
        lt(posts.id, sql.placeholder('before')),
        eq(posts.visibility, 'public'),
        isNull(posts.boostOfId),
        isNull(posts.deletedAt)
      )
    )
    .orderBy(desc(posts.id))
    .limit(sql.raw(String(postsPerStep)) as never)
)
