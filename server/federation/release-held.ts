import { findAccount } from '#server/accounts/find-account.ts'
import type { Context } from '#server/context.ts'
import { dispatch } from '#server/federation/gate.ts'
import { InboxFault } from '#server/federation/inbox/inbound.ts'
import { type NormalActivity, NormalFormFault } from '#server/federation/normal-form/types.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { fetchJob } from '#server/jobs/fetch-job.ts'
import type { JobRun } from '#server/jobs/job-run.ts'
import { isStranger, strangersSince } from '#server/peers/first-contact.ts'
import { type HeldActivity, heldOf, hostsHeld, removeHeld } from '#server/peers/held-activities.ts'

/** Activities taken in by one job. */
const activitiesPerJob = 50

/** By the clock: servers grow old, and admins change their minds. */
export async function releaseGrownOld(ctx: Context): Promise<void> {
  const since = await strangersSince(ctx)
  for (const host of await hostsHeld(ctx.db)) {
    if (await isStranger(ctx.db, host, since)) continue
    await ctx.transact((tx) => enqueue(tx, fetchJob('release-held', host, { host })))
  }
}

/** Takes in what was put by of a host that is no stranger any more, oldest first; what was taken back or limited meanwhile has no effect. */
export async function releaseHeld(ctx: Context, { host }: { host: string }, job: JobRun): Promise<void> {
  if (await isStranger(ctx.db, host, await strangersSince(ctx))) return
  const all = await heldOf(ctx.db, host, activitiesPerJob)
  for (const held of all) {
    await takeIn(ctx, held)
    await ctx.transact((tx) => removeHeld(tx, held.id))
  }
  if (all.length < activitiesPerJob) return
  await ctx.transact(async (tx) => {
    await job.finish(tx)
    await enqueue(tx, fetchJob('release-held', host, { host }))
  })
}

async function takeIn(ctx: Context, { actorId, ownerId, host, activity, signatureHash }: HeldActivity): Promise<void> {
  const actor = await findAccount(ctx.db, actorId)
  if (!actor) return
  const owner = ownerId === null ? undefined : await findAccount(ctx.db, ownerId)
  // A receipt of its own: that of the signature was written when it was put by.
  const inbound = { activity: activity as NormalActivity, actor, host, owner, signatureHash: `held ${signatureHash}` }
  try {
    await dispatch(ctx, inbound)
  } catch (error) {
    // What the gate would have refused must not stand in the way of all that came after it.
    if (!(error instanceof InboxFault || error instanceof NormalFormFault)) throw error
    ctx.log.info({ host, why: error.message }, 'something that was put by is refused')
  }
}
