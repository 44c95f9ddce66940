import { findAccount } from '#server/accounts/find-account.ts'
import type { Context } from '#server/context.ts'
import type { LaterRun } from '#server/facts.ts'
import { loadActor } from '#server/federation/outbound/load-actor.ts'
import { send } from '#server/federation/outbound/send.ts'
import { toActorDelete, toActorUpdate } from '#server/federation/vocabulary/to-activity.ts'
import type { JobRun } from '#server/jobs/job-run.ts'
import { findAllInboxes, findFollowerInboxes } from '#server/peers/recipients.ts'

/** A profile changed: Update of the actor, to everybody who follows. */
export const sendActorUpdate: LaterRun<'profile-changed'> = (ctx, { accountId }, job) => updateActor(ctx, accountId, job)

/** One of ours was suspended: the same, with `suspended` set and nothing else to see. */
export const sendSuspension: LaterRun<'account-suspended'> = (ctx, { accountId }, job) => updateActor(ctx, accountId, job)

/** One of ours moved to another account: the same, with `movedTo`. */
export const sendMovedActor: LaterRun<'account-moved'> = (ctx, { accountId }, job) => updateActor(ctx, accountId, job)

export const sendEndOfSuspension: LaterRun<'account-unsuspended'> = (ctx, { accountId }, job) => updateActor(ctx, accountId, job)

/** One of ours is erased: Delete, to every server known here, since any may hold something of theirs. */
export const sendActorDelete: LaterRun<'account-erased'> = async (ctx, { accountId }, job) => {
  const account = await findAccount(ctx.db, accountId)
  if (!account || account.domain !== null) return
  await send(ctx, job, {
    activity: toActorDelete(account.uri),
    actorId: accountId,
    objectUri: account.uri,
    orderKey: account.uri,
    direct: await findAllInboxes(ctx.db)
  })
}

async function updateActor(ctx: Context, accountId: number, job: JobRun): Promise<void> {
  const account = await findAccount(ctx.db, accountId)
  if (!account || account.domain !== null || account.deletedAt !== null) return
  await send(ctx, job, {
    activity: toActorUpdate(await loadActor(ctx, account), job.id),
    actorId: accountId,
    objectUri: account.uri,
    orderKey: account.uri,
    direct: [],
    fanOut: await findFollowerInboxes(ctx.db, accountId)
  })
}
