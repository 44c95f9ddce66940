import { lt } from 'drizzle-orm'
import { submissions } from '#db/schema/posts.ts'
import type { Context } from '#server/context.ts'

/** Nobody sends a form again after a day. */
const keptMs = 24 * 3_600_000

/** Housekeeping: forgets the keys of forms that made their post a day ago. */
export async function sweepSubmissions(ctx: Context): Promise<void> {
  await ctx.transact((tx) => tx.delete(submissions).where(lt(submissions.createdAt, tx.now - keptMs)))
}
