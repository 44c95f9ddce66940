import { moveCooldownMs, findMoveAgainAt } from '#server/accounts/receive-move.ts'
import { accept, InboxFault, soleObjectId, type Verb } from '#server/federation/inbox/inbound.ts'
import { mayCauseFetch } from '#server/federation/inbox/may-fetch.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { fetchJob } from '#server/jobs/fetch-job.ts'

/**
 * Move: an actor says that it lives at `target` from now on. Only of itself; the target, read anew as a job, must say the same. Of the old account
 * nothing is asked any more: its server may be gone.
 */
export const move: Verb = async (ctx, inbound) => {
  const { actor, activity } = inbound
  if (soleObjectId(inbound) !== actor.uri) throw new InboxFault(403, 'An actor can move nobody but itself.')
  const targetUri = activity.target?.id
  if (targetUri === undefined || targetUri === actor.uri) throw new InboxFault(400, 'Move needs another actor as its target.')
  const mayMove =
    (await findMoveAgainAt(ctx.db, actor.id, ctx.clock.now(), moveCooldownMs)) === undefined && (await mayCauseFetch(ctx, actor))
  const job = fetchJob('complete-move', actor.id, { accountId: actor.id, targetUri })
  return accept(ctx, inbound, async (tx) => mayMove && enqueue(tx, job), { isLast: true })
}
