import { findAccountByInbox } from '#server/accounts/find-by-inbox.ts'
import type { Context } from '#server/context.ts'
import { askAboutActor } from '#server/federation/confirm-gone.ts'
import { fetchActor } from '#server/federation/fetch-actor.ts'
import { FetchFault } from '#server/federation/fetch-fault.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import type { LeasedDelivery } from '#server/peers/lease-deliveries.ts'
import { FetchBudget } from '#server/platform/fetch-budget.ts'

/** Whoever was read so lately is there: many deliveries to one inbox need not all ask. */
const freshMs = 30_000

/** Of an inbox that says it is not there: its actor is `gone` too, has it elsewhere by now, or is `there` as far as can be told; `nobody` is known to have it. */
export type Behind = { kind: 'gone' | 'there' | 'nobody' } | { kind: 'moved'; inboxUrl: string }

/**
 * Reads the actor behind an inbox at its own server. Of a shared inbox one of its people stands for all. Who is gone is asked about by a job, which takes
 * the account away.
 */
export async function lookBehind(ctx: Context, { host, inboxUrl }: Pick<LeasedDelivery, 'host' | 'inboxUrl'>): Promise<Behind> {
  const known = await findAccountByInbox(ctx.db, host, inboxUrl)
  if (!known) return { kind: 'nobody' }
  if (ctx.clock.now() - (known.fetchedAt ?? 0) < freshMs) return { kind: 'there' }
  try {
    const now = await fetchActor(ctx, known.uri, { budget: new FetchBudget(), isForced: true })
    const place = known.sharedInboxUrl === inboxUrl ? now.sharedInboxUrl : now.inboxUrl
    return place === null || place === inboxUrl ? { kind: 'there' } : { kind: 'moved', inboxUrl: place }
  } catch (error) {
    if (!(error instanceof FetchFault)) throw error
    if (!error.isGone) return { kind: 'there' }
    await ctx.transact((tx) => enqueue(tx, askAboutActor(known)))
    return { kind: 'gone' }
  }
}
