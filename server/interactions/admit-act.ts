import { and, eq, or } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { interactions } from '#db/schema/quotes.ts'
import { findByObject } from '#server/interactions/find-interaction.ts'
import { findPermission, type Target } from '#server/interactions/find-permission.ts'
import { isForEverybody, policyFor } from '#server/interactions/policy.ts'
import { mayAskMore, recordState, stateFor, writeInteraction } from '#server/interactions/write-interaction.ts'

export interface RemoteAct {
  kind: 'like' | 'announce'
  accountId: number
  /** Id of the Like or Announce; without one nothing can be asked or approved. */
  uri: string | undefined
  /** Id of the request that brought it; absent when nobody asked. */
  requestUri?: string
}

/**
 * Whether a like or boost of somebody elsewhere may be done now, by the policy of the post; what waits for its author, or is refused, is
 * written down and answered. Posts that are open to everybody cost nothing. Of posts elsewhere only what needs no proof is taken.
 */
export async function admitAct(tx: Tx, post: Target, { kind, accountId, uri, requestUri }: RemoteAct): Promise<boolean> {
  if (isForEverybody(policyFor(kind, post)) && requestUri === undefined) return true
  const permission = await findPermission(tx, kind, post, accountId)
  if (permission === 'free' && requestUri === undefined) return true
  if (!post.isLocal || uri === undefined) return false
  const known = await findByObject(tx, kind, post.id, uri)
  // Another of that server has the id already.
  if (known && known.fromId !== accountId) return false
  if (known?.state === 'accepted' && known.requestUri === (requestUri ?? null)) return true
  if (!known && !(await mayAskMore(tx, accountId))) return false
  const told = { kind, targetId: post.id, fromId: accountId, objectUri: uri, state: stateFor(permission) }
  const { row, isNew } = await writeInteraction(tx, requestUri === undefined ? told : { ...told, requestUri })
  // Whoever asks again is answered again: the first answer may have been lost.
  if (isNew || (requestUri !== undefined && row.state !== 'pending')) await recordState(tx, row)
  return row.state === 'accepted'
}

/** Somebody elsewhere takes back a like or boost that still waits, named by its id or by the post. True when one did. */
export async function dropWaiting(
  tx: Tx,
  kind: RemoteAct['kind'],
  accountId: number,
  { uri, postId }: { uri?: string; postId?: number }
): Promise<boolean> {
  const isNamed = [
    ...(uri === undefined ? [] : [eq(interactions.objectUri, uri)]),
    ...(postId === undefined ? [] : [eq(interactions.targetId, postId)])
  ]
  if (isNamed.length === 0) return false
  const gone = await tx
    .delete(interactions)
    .where(and(eq(interactions.fromId, accountId), eq(interactions.kind, kind), eq(interactions.state, 'pending'), or(...isNamed)))
    .returning({ id: interactions.id })
  return gone.length > 0
}
