import { findAccount } from '#server/accounts/find-account.ts'
import type { LaterRun } from '#server/facts.ts'
import { send } from '#server/federation/outbound/send.ts'
import { toMove } from '#server/federation/vocabulary/to-activity.ts'
import { findFollowerInboxes } from '#server/peers/recipients.ts'

/** One of ours moved to another account: Move, to everybody who follows, after the Update that says so. Nothing when it was taken back meanwhile. */
export const sendMove: LaterRun<'account-moved'> = async (ctx, { accountId }, job) => {
  const account = await findAccount(ctx.db, accountId)
  if (!account || account.domain !== null || account.deletedAt !== null || account.movedToUri === null) return
  await send(ctx, job, {
    activity: toMove({ actorUri: account.uri, targetUri: account.movedToUri }, job.id),
    actorId: accountId,
    objectUri: account.uri,
    orderKey: account.uri,
    direct: [],
    fanOut: await findFollowerInboxes(ctx.db, accountId)
  })
}
