import { eq } from 'drizzle-orm'
import type { Reader, Tx } from '#db/reader.ts'
import { type InteractionKind, interactions } from '#db/schema/quotes.ts'
import { Refusal } from '#server/errors.ts'
import { findAsked } from '#server/interactions/find-interaction.ts'
import { findPermission, type Target } from '#server/interactions/find-permission.ts'
import type { Permission } from '#server/interactions/policy.ts'
import { recordState, writeInteraction } from '#server/interactions/write-interaction.ts'

const notAllowed = {
  quote: 'errors.quoteNotAllowed',
  reply: 'errors.replyNotAllowed',
  like: 'errors.favouriteNotAllowed',
  announce: 'errors.boostNotAllowed'
} as const

/** What one of ours may do with a post. Refusal('forbidden') with a plain sentence when its author lets nobody like them. */
export async function requirePermission(db: Reader, kind: InteractionKind, post: Target, accountId: number): Promise<Permission> {
  const permission = await findPermission(db, kind, post, accountId)
  if (permission === 'never') throw new Refusal('forbidden', notAllowed[kind])
  return permission
}

/** Whether it has to wait for a word of the post's author: always where that is said; elsewhere also where only an authorization can prove it. Pure. */
export function mustWait(permission: Permission, post: Pick<Target, 'isLocal'>): boolean {
  return permission === 'manual' || (permission === 'listed' && !post.isLocal)
}

/**
 * A like or boost of one of ours that waits for the post's author: nothing is done but the asking. `uriOf` makes the act's id of a number, which
 * is also the row's when it is done. False when it may be done at once. Refusals: 'forbidden' when nobody may, or when this was refused before.
 */
export async function askBefore(
  tx: Tx,
  kind: 'like' | 'announce',
  post: Target,
  accountId: number,
  uriOf: (id: number) => string
): Promise<boolean> {
  const permission = await requirePermission(tx, kind, post, accountId)
  if (!mustWait(permission, post)) return false
  const asked = await findAsked(tx, kind, post.id, accountId)
  if (asked?.state === 'rejected') throw new Refusal('forbidden', 'errors.interactionRefused')
  if (asked?.state === 'accepted') return false
  if (asked?.state === 'pending') return true
  const id = tx.newId()
  const { row } = await writeInteraction(tx, {
    id,
    kind,
    targetId: post.id,
    fromId: accountId,
    objectUri: uriOf(id),
    isOurs: true,
    state: 'pending'
  })
  await recordState(tx, row)
  return true
}

/** Takes back what one of ours asked for, so that it has to be asked for again. True when it waited. */
export async function stopAsking(tx: Tx, kind: 'like' | 'announce', postId: number, accountId: number): Promise<boolean> {
  const asked = await findAsked(tx, kind, postId, accountId)
  if (asked?.state !== 'pending' && asked?.state !== 'accepted') return false
  await tx.delete(interactions).where(eq(interactions.id, asked.id))
  return asked.state === 'pending'
}
