import { receiveReport } from '#server/moderation/receive-report.ts'
import { accept, type Verb } from '#server/federation/inbox/inbound.ts'

/** Flag: a report on one of ours, with posts of theirs or without. What names nobody here is left alone. */
export const flag: Verb = async (ctx, inbound) => {
  const uris = inbound.activity.objects.flatMap(({ id }) => id ?? [])
  const { actor, host, activity } = inbound
  return accept(ctx, inbound, (tx) => receiveReport(tx, { reporterId: actor.id, host, uris, comment: activity.content }))
}
