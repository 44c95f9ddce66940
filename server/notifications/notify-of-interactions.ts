import { and, eq } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { notifications } from '#db/schema/notifications.ts'
import { findInteraction, type InteractionDetails } from '#server/interactions/find-interaction.ts'
import { notify } from '#server/notifications/notify.ts'
import { notifyMentioned } from '#server/notifications/notify-of-posts.ts'

type Ids = { interactionId: number }

/** Reaction: the author of ours who is asked whether somebody may quote, answer, like or boost a post. */
export async function notifyAsked(tx: Tx, { interactionId }: Ids): Promise<void> {
  const found = await findInteraction(tx, interactionId)
  if (found) await notify(tx, [found.target.authorId], { kind: 'approval-request', fromId: found.from.id, postId: aboutOf(found) })
}

/** Reaction: what was asked is answered; of a quote its author hears, and of a reply whoever it mentions. Likes and boosts tell of themselves. */
export async function notifyAccepted(tx: Tx, { interactionId }: Ids): Promise<void> {
  const found = await findInteraction(tx, interactionId)
  if (!found) return
  await withdrawAsked(tx, found)
  const { row, target, from } = found
  if (row.postId === null) return
  if (row.kind === 'reply') await notifyMentioned(tx, { postId: row.postId })
  if (row.kind === 'quote') await notify(tx, [target.authorId], { kind: 'quote', fromId: from.id, postId: row.postId })
}

/** Reaction: what was asked is refused: one of ours who asked hears of it. */
export async function notifyRefused(tx: Tx, { interactionId }: Ids): Promise<void> {
  const found = await findInteraction(tx, interactionId)
  if (!found) return
  await withdrawAsked(tx, found)
  await notify(tx, [found.from.id], { kind: 'refused', fromId: found.target.authorId, postId: aboutOf(found) })
}

/** Reaction: a quote that its author took back is told of no more. */
export async function withdrawQuote(tx: Tx, { interactionId }: Ids): Promise<void> {
  const found = await findInteraction(tx, interactionId)
  if (found?.row.kind === 'quote') await remove(tx, found, 'quote')
}

async function withdrawAsked(tx: Tx, found: InteractionDetails): Promise<void> {
  await remove(tx, found, 'approval-request')
}

async function remove(tx: Tx, found: InteractionDetails, kind: 'approval-request' | 'quote'): Promise<void> {
  const isIt = and(
    eq(notifications.accountId, found.target.authorId),
    eq(notifications.kind, kind),
    eq(notifications.fromId, found.from.id),
    eq(notifications.postId, aboutOf(found))
  )
  await tx.delete(notifications).where(isIt)
}

/** The quoting post or the reply, when it is here; else the post that is liked, boosted, or waits for them. */
function aboutOf({ row, target }: InteractionDetails): number {
  return row.postId ?? target.id
}
