import { eq, lte, sql } from 'drizzle-orm'
import type { Reader, Tx } from '#db/reader.ts'
import { follows } from '#db/schema/follows.ts'
import { histories } from '#db/schema/histories.ts'
import { findAccount } from '#server/accounts/find-account.ts'
import { isHidden } from '#server/accounts/shown-account.ts'
import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { fetchJob } from '#server/jobs/fetch-job.ts'

/** An account's older posts are asked for at most this often; sooner when its server did not answer. */
const againMs = 24 * 60 * 60_000
const againAfterFailureMs = 60 * 60_000
/** What has not ended by then was lost with its job: the page does not promise it any longer. */
const runningMsMax = 15 * 60_000

export type History = typeof histories.$inferSelect

/** What one step came to. */
export interface HistoryStep {
  postsCount: number
  missingCount: number
  failed: History['failed']
  isLast: boolean
}

/** How far the older posts of a remote account have been read; undefined when nobody asked yet. */
export async function findHistory(db: Reader, accountId: number): Promise<History | undefined> {
  const [row] = await db.select().from(histories).where(eq(histories.accountId, accountId))
  return row
}

export function isRunning(history: History, now: number): boolean {
  return history.endedAt === null && now - history.startedAt < runningMsMax
}

/** Somebody signed in looks at a remote account: its pinned and older posts are asked for as a job, when that is due. */
export async function openHistory(ctx: Context, account: Account): Promise<History | undefined> {
  if (!mayHaveHistory(account)) return undefined
  const known = await findHistory(ctx.db, account.id)
  if (known && known.againAt > ctx.clock.now()) return known
  await ctx.transact((tx) => startHistory(tx, account.id))
  return findHistory(ctx.db, account.id)
}

/** Reaction: one of ours wants to follow somebody elsewhere, who comes with what they wrote before. */
export async function askHistoryOfFollowed(tx: Tx, { followId }: { followId: number }): Promise<void> {
  const [follow] = await tx.select({ followedId: follows.followedId }).from(follows).where(eq(follows.id, followId))
  const account = follow && (await findAccount(tx, follow.followedId))
  if (account && mayHaveHistory(account)) await startHistory(tx, account.id)
}

/** Notes what a step came to; after the last one it is known when to ask again. */
export async function noteHistory(tx: Tx, accountId: number, step: HistoryStep): Promise<void> {
  const againAt = tx.now + (step.failed === null ? againMs : againAfterFailureMs)
  await tx
    .update(histories)
    .set({
      postsCount: sql`${histories.postsCount} + ${step.postsCount}`,
      missingCount: sql`${histories.missingCount} + ${step.missingCount}`,
      ...(step.failed === null ? {} : { failed: step.failed }),
      ...(step.isLast ? { endedAt: tx.now, againAt } : {})
    })
    .where(eq(histories.accountId, accountId))
}

function mayHaveHistory(account: Account): boolean {
  return account.domain !== null && !isHidden(account) && account.movedToUri === null
}

async function startHistory(tx: Tx, accountId: number): Promise<void> {
  const fresh = { startedAt: tx.now, endedAt: null, againAt: tx.now + againMs, postsCount: 0, missingCount: 0, failed: null }
  const started = await tx
    .insert(histories)
    .values({ accountId, ...fresh })
    .onConflictDoUpdate({ target: histories.accountId, set: fresh, setWhere: lte(histories.againAt, tx.now) })
    .returning({ accountId: histories.accountId })
  if (started.length === 0) return
  await enqueue(tx, fetchJob('load-history', accountId, { accountId }))
}
