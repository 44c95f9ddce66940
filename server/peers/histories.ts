import { and, eq, gt, isNull, lte, sql } from 'drizzle-orm'
import { dialectOfProcess } from '#db/dialect.ts'
import type { Reader, Tx } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { follows } from '#db/schema/follows.ts'
import { histories } from '#db/schema/histories.ts'
import { findAccount } from '#server/accounts/find-account.ts'
import { isHidden } from '#server/accounts/shown-account.ts'
import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { enqueue, type NewJob } from '#server/jobs/enqueue.ts'
import { fetchJob } from '#server/jobs/fetch-job.ts'
import { hostOf } from '#server/platform/host-names.ts'

/** An account's older posts are asked for at most this often; sooner when its server did not answer. */
const againMs = 24 * 60 * 60_000
const againAfterFailureMs = 60 * 60_000
/** What has not ended by then was lost with its job: the page does not promise it any longer. */
const runningMsMax = 15 * 60_000
/** Histories that are read at once, of all servers and of one; of one server they are read one after another, whatever number waits. */
export const runningMax = 30
export const runningPerHostMax = 5
/** Advisory lock of PostgreSQL under which histories are counted and begun, so that as many at one moment do not pass the bound together. */
const beginLock = 7_281_947
/** So long may a transaction wait for its turn, whose clock stood when it began: what others began meanwhile is counted too. */
const turnMsMax = 5_000
/** Beyond those, the histories of whoever is followed come later, as many in each span of this length. */
const spreadMs = 60_000

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

/**
 * Somebody signed in looks at a remote account: its pinned and older posts are asked for as a job, when that is due and not too much is under way already, here
 * or with its server; else whoever looks again asks again.
 */
export async function openHistory(ctx: Context, account: Account): Promise<History | undefined> {
  if (!mayHaveHistory(account)) return undefined
  const known = await findHistory(ctx.db, account.id)
  if (known && known.againAt > ctx.clock.now()) return known
  await ctx.transact(async (tx) => {
    await takeTurn(tx)
    const { inAll, ofHost } = await countRunning(tx, account)
    if (inAll < runningMax && ofHost < runningPerHostMax) await startHistory(tx, account, tx.now)
  })
  return findHistory(ctx.db, account.id)
}

/** Reaction: one of ours wants to follow somebody elsewhere, who comes with what they wrote before; of many at once (an import) one after the other. */
export async function askHistoryOfFollowed(tx: Tx, { followId }: { followId: number }): Promise<void> {
  const [follow] = await tx.select({ followedId: follows.followedId }).from(follows).where(eq(follows.id, followId))
  const account = follow && (await findAccount(tx, follow.followedId))
  if (!account || !mayHaveHistory(account)) return
  await takeTurn(tx)
  const waiting = await tx.$count(histories, isUnderWay(tx.now))
  await startHistory(tx, account, tx.now + Math.floor(waiting / runningMax) * spreadMs)
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

/** The job that reads a step of a history: of one server they run one after another. */
export function historyJob(account: Pick<Account, 'id' | 'uri'>, input: Record<string, unknown> = { accountId: account.id }): NewJob {
  return { ...fetchJob('load-history', account.id, input), orderKey: `history ${hostOf(account.uri)}` }
}

const isUnderWay = (now: number) => and(isNull(histories.endedAt), gt(histories.startedAt, now - runningMsMax))

/** Nobody else counts histories, and begins one, until the transaction ends. */
async function takeTurn(tx: Tx): Promise<void> {
  if (dialectOfProcess() === 'postgres') await tx.rows(sql`select pg_advisory_xact_lock(${beginLock}::bigint)`)
}

/** Histories that are being read now, of all servers and of one account's. */
async function countRunning(tx: Tx, account: Account): Promise<{ inAll: number; ofHost: number }> {
  const isOfHost = sql`case when ${accounts.host} = ${hostOf(account.uri)} then 1 else 0 end`
  const [counted] = await tx
    .select({ inAll: sql<number>`count(*)`.mapWith(Number), ofHost: sql<number>`coalesce(sum(${isOfHost}), 0)`.mapWith(Number) })
    .from(histories)
    .innerJoin(accounts, eq(accounts.id, histories.accountId))
    .where(and(isUnderWay(tx.now), lte(histories.startedAt, tx.now + turnMsMax)))
  return counted ?? { inAll: 0, ofHost: 0 }
}

async function startHistory(tx: Tx, account: Account, startedAt: number): Promise<void> {
  const fresh = { startedAt, endedAt: null, againAt: startedAt + againMs, postsCount: 0, missingCount: 0, failed: null }
  const started = await tx
    .insert(histories)
    .values({ accountId: account.id, ...fresh })
    .onConflictDoUpdate({ target: histories.accountId, set: fresh, setWhere: lte(histories.againAt, tx.now) })
    .returning({ accountId: histories.accountId })
  if (started.length > 0) await enqueue(tx, { ...historyJob(account), runAt: startedAt })
}
