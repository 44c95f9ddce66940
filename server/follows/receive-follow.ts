import { eq } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { follows } from '#db/schema/follows.ts'
import { record } from '#server/facts.ts'
import { countFollow } from '#server/follows/count-follow.ts'
import { findFollow, hidesServerOf, isBlocking } from '#server/follows/find-follow.ts'
import { findPair } from '#server/peers/relations.ts'
import { isTakenBack, partsOf } from '#server/peers/taken-back.ts'

/**
 * A remote account asks to follow one of ours, in the transaction of the receipt: accepted, or pending for a locked or silenced one's decision. Asked again,
 * the newest id counts and an accepted follow is accepted again. Fact `follow-received`, or `follow-rejected` for a blocked one and one of a hidden server.
 * Nothing happens when the followed is suspended, erased or no person of ours, or the follow was taken back before it came.
 */
export async function receiveFollow(
  tx: Tx,
  { followerId, followedId, uri }: { followerId: number; followedId: number; uri: string }
): Promise<void> {
  const [follower, followed] = (await findPair(tx, followerId, followedId)) ?? []
  if (
    !follower ||
    followed?.domain !== null ||
    followed.suspendedAt !== null ||
    followed.deletedAt !== null ||
    followed.type === 'Application'
  )
    return
  if (await isTakenBack(tx, { actorId: followerId, uri, parts: partsOf('Follow', followed.uri) })) return
  if ((await isBlocking(tx, followedId, followerId)) || (await hidesServerOf(tx, followedId, followerId))) {
    await record(tx, 'follow-rejected', { followerId, followedId, followUri: uri })
    return
  }
  const known = await findFollow(tx, followerId, followedId)
  if (known) {
    await tx.update(follows).set({ uri }).where(eq(follows.id, known.id))
    if (known.state === 'accepted') await record(tx, 'follow-received', { followId: known.id, isRepeated: true })
    return
  }
  const isOpen = !followed.isLocked && follower.silencedAt === null && follower.domainSeverity !== 'silence'
  const id = tx.newId()
  const state = isOpen ? ({ state: 'accepted', acceptedAt: tx.now } as const) : ({ state: 'pending', acceptedAt: null } as const)
  const written = await tx
    .insert(follows)
    .values({ id, followerId, followedId, uri, createdAt: tx.now, ...state })
    .onConflictDoNothing({ target: [follows.followerId, follows.followedId] })
    .returning({ id: follows.id })
  // The same request came twice at once, and the other one was first.
  if (written.length === 0) return
  if (isOpen) await countFollow(tx, { followerId, followedId }, 1)
  await record(tx, 'follow-received', { followId: id, isRepeated: false })
}
