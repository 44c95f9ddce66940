import { findInstanceActor } from '#server/accounts/instance-actor.ts'
import type { LaterRun } from '#server/facts.ts'
import { send } from '#server/federation/outbound/send.ts'
import { flagOf } from '#server/federation/vocabulary/addresses.ts'
import { toFlag } from '#server/federation/vocabulary/to-activity.ts'
import { findForwarded } from '#server/moderation/find-forwarded.ts'
import { findRecipients } from '#server/peers/recipients.ts'

/** A copy of a report goes to the server of the account it is about: Flag by the instance actor, to the account's inbox, which its moderators read. */
export const sendReport: LaterRun<'report-forwarded'> = async (ctx, { reportId, comment, postUris }, job) => {
  const report = await findForwarded(ctx.db, reportId)
  const actor = await findInstanceActor(ctx.db)
  if (!report || !actor) return
  // Whom somebody of ours blocks is reported all the same: the instance speaks here.
  const recipients = await findRecipients(ctx.db, actor.id, [report.target.id], { isBlockIgnored: true })
  const uri = flagOf(actor.uri, reportId)
  await send(ctx, job, {
    activity: toFlag({
      uri,
      actorUri: actor.uri,
      targetUri: report.target.uri,
      // What is added to the report later is meant for the moderators here.
      postUris: postUris ?? report.postUris,
      comment: comment ?? report.comment
    }),
    actorId: actor.id,
    orderKey: uri,
    direct: recipients.map(({ inbox }) => inbox)
  })
}
