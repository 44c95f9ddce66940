import { and, eq, gt, isNull, ne } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { type InteractionKind, type InteractionState, interactions } from '#db/schema/quotes.ts'
import { record } from '#server/facts.ts'
import { requestOf } from '#server/interactions/authorizations.ts'
import { findByObject, type InteractionRow } from '#server/interactions/find-interaction.ts'
import type { Permission } from '#server/interactions/policy.ts'

/** Acts that one account elsewhere may ask for, or have refused, in a day, of which no post came along: ids cost it nothing to make up. */
const askedPerDayMax = 200
const dayMs = 24 * 60 * 60_000

export interface NewInteraction {
  kind: InteractionKind
  targetId: number
  fromId: number
  objectUri: string
  /** The quoting post or the reply, when it is here. */
  postId?: number
  /** Id of the request somebody elsewhere asked by. */
  requestUri?: string
  /** One of ours does it, and asks, if need be, by a request whose id derives from the act's. */
  isOurs?: boolean
  authorizationUri?: string
  state: InteractionState
  /** A new id when absent. */
  id?: number
}

/** Writes an interaction once; what is known of the same act already is given back, with the request it now came with. Records nothing. */
export async function writeInteraction(
  tx: Tx,
  { isOurs = false, ...told }: NewInteraction
): Promise<{ row: InteractionRow; isNew: boolean }> {
  const { kind, targetId, objectUri, postId = null, authorizationUri = null } = told
  const id = told.id ?? tx.newId()
  const requestUri = isOurs ? requestOf(objectUri, id) : (told.requestUri ?? null)
  const [written] = await tx
    .insert(interactions)
    .values({
      ...told,
      id,
      postId,
      requestUri,
      authorizationUri,
      createdAt: tx.now,
      decidedAt: told.state === 'pending' ? null : tx.now
    })
    .onConflictDoNothing({ target: [interactions.targetId, interactions.kind, interactions.objectUri] })
    .returning()
  if (written) return { row: written, isNew: true }
  const known = await findByObject(tx, kind, targetId, objectUri)
  if (!known) throw new Error('An interaction was neither written nor found.')
  const more = { postId: known.postId ?? postId, requestUri: requestUri ?? known.requestUri }
  if (more.postId !== known.postId || more.requestUri !== known.requestUri)
    await tx.update(interactions).set(more).where(eq(interactions.id, known.id))
  return { row: { ...known, ...more }, isNew: false }
}

/** Whether somebody elsewhere may ask for more; what comes beyond is not kept and not answered. */
export async function mayAskMore(tx: Tx, accountId: number): Promise<boolean> {
  const isLate = gt(interactions.createdAt, tx.now - dayMs)
  const asked = await tx.$count(interactions, and(eq(interactions.fromId, accountId), isNull(interactions.postId), isLate))
  return asked < askedPerDayMax
}

/** The state an act of somebody's begins with, by what the post's author allows. Pure. */
export function stateFor(permission: Permission): InteractionState {
  return permission === 'manual' ? 'pending' : permission === 'never' ? 'rejected' : 'accepted'
}

/** Changes the state; undefined when it was that already. */
export async function moveState(
  tx: Tx,
  id: number,
  state: InteractionState,
  authorizationUri?: string
): Promise<InteractionRow | undefined> {
  const [row] = await tx
    .update(interactions)
    .set({ state, decidedAt: tx.now, ...(authorizationUri === undefined ? {} : { authorizationUri }) })
    .where(and(eq(interactions.id, id), ne(interactions.state, state)))
    .returning()
  return row
}

/** Says what became of an act, so that its author and those it concerns hear of it. */
export async function recordState(tx: Tx, { id, state, postId }: Pick<InteractionRow, 'id' | 'state' | 'postId'>): Promise<void> {
  const fact = (
    {
      pending: 'interaction-requested',
      accepted: 'interaction-accepted',
      rejected: 'interaction-rejected',
      revoked: 'interaction-revoked'
    } as const
  )[state]
  await record(tx, fact, { interactionId: id, postId })
}
