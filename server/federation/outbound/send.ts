import type { Tx } from '#db/reader.ts'
import type { Context } from '#server/context.ts'
import { prove } from '#server/federation/proofs/prove.ts'
import type { Activity } from '#server/federation/vocabulary/to-activity.ts'
import type { JobRun } from '#server/jobs/job-run.ts'
import type { Inbox } from '#server/peers/inbox.ts'
import { noteReach } from '#server/peers/reach.ts'
import {
  cancelUnsent,
  findActivity,
  markWritten,
  type NewDelivery,
  removeFinishedActivities,
  writeActivity,
  writeDeliveries
} from '#server/peers/write-activity.ts'
import { hostOf } from '#server/platform/host-names.ts'

const provable = new Set(['Create', 'Update', 'Delete'])

/** Delivery rows written in one transaction: others get their turn between, however many followers somebody has. */
const rowsPerTransaction = 500

export interface Sending {
  activity: Activity
  /** Whose key signs it. */
  actorId: number
  /** What it is about; the activity itself when absent. */
  objectUri?: string
  /** Goes in order with whatever else bears this key, inbox by inbox. */
  orderKey: string
  /** Inboxes that go before mass fan-out, and the others. */
  direct: readonly Inbox[]
  fanOut?: readonly Inbox[]
  /** The post whose ledger keeps these inboxes. */
  ledgerOf?: number
  /** Done in the transaction that writes the last of the deliveries. */
  atLast?: (tx: Tx) => Promise<unknown>
  /** Takes back what was not sent yet about an object; whoever has not heard of it by `firstUri` need not hear of this. */
  cancels?: { objectUri: string; firstUri: string }
}

/**
 * Stores an activity once and writes a delivery row for each distinct inbox outside this instance and its suspended domains, then
 * ends the job in the same transaction. Many inboxes take several transactions; a crash between two resumes where it stopped.
 */
export async function send(ctx: Context, job: JobRun, sending: Sending): Promise<void> {
  const stored = await findActivity(ctx.db, sending.activity.id)
  // Written to its end before: only the job is left to be done.
  if (stored?.writtenUpTo === null) return ctx.transact((tx) => job.finish(tx))
  const after = stored?.writtenUpTo ?? ''
  const cancelled = await cancel(ctx, sending)
  const left = (await distinctInboxes(ctx, sending)).filter(({ url }) => url > after && !cancelled.has(url))
  const { atLast } = sending
  if (left.length === 0 && !stored)
    return ctx.transact(async (tx) => {
      await atLast?.(tx)
      await job.finish(tx)
    })
  const proven = { ...sending, activity: await withProof(ctx, sending) }
  let at = 0
  do {
    const chunk = left.slice(at, at + rowsPerTransaction)
    at += rowsPerTransaction
    const isLast = at >= left.length
    await ctx.transact(async (tx) => {
      await writeChunk(tx, proven, chunk, isLast)
      if (isLast) await atLast?.(tx)
      if (isLast) await job.finish(tx)
    })
  } while (at < left.length)
}

/** What others may pass on is proven (FEP-8b32). What may be taken back is not: a proof could be shown again after that. */
async function withProof(ctx: Context, { activity, actorId }: Sending): Promise<Activity> {
  return provable.has(activity.type) ? prove(ctx, actorId, activity, ctx.clock.now()) : activity
}

async function cancel(ctx: Context, { cancels }: Sending): Promise<Set<string>> {
  return cancels ? ctx.transact((tx) => cancelUnsent(tx, cancels.objectUri, cancels.firstUri)) : new Set()
}

async function writeChunk(tx: Tx, sending: Sending, chunk: readonly NewDelivery[], isLast: boolean): Promise<void> {
  const { activity, actorId, objectUri = activity.id, orderKey, ledgerOf } = sending
  const { id } = await writeActivity(tx, { uri: activity.id, actorId, body: JSON.stringify(activity), objectUri })
  await writeDeliveries(tx, id, orderKey, chunk)
  if (ledgerOf !== undefined) await noteReach(tx, ledgerOf, chunk)
  await markWritten(tx, id, isLast ? null : (chunk.at(-1)?.url ?? null))
  // Every host may have been one that gets nothing now.
  if (isLast) await removeFinishedActivities(tx, [id])
}

/** In order of URL, each once, in the better of its lanes. */
async function distinctInboxes(ctx: Context, { direct, fanOut = [] }: Sending): Promise<NewDelivery[]> {
  const byUrl = new Map<string, NewDelivery>()
  const add = (inbox: Inbox, lane: NewDelivery['lane']) => {
    // Of two who name one inbox, the one who lives there says what is known of it.
    const known = byUrl.get(inbox.url)?.host
    byUrl.set(inbox.url, { ...inbox, host: known !== undefined && known === hostOf(inbox.url) ? known : inbox.host, lane })
  }
  for (const inbox of fanOut) add(inbox, 'fan-out')
  for (const inbox of direct) add(inbox, 'direct')
  const wanted = []
  for (const inbox of byUrl.values()) {
    const host = hostOf(inbox.url) ?? ''
    if (host !== ctx.config.host && !(await ctx.limits.isSuspended(host))) wanted.push(inbox)
  }
  return wanted.sort((a, b) => (a.url < b.url ? -1 : 1))
}
