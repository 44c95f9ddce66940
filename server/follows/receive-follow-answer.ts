import { and, eq } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { follows } from '#db/schema/follows.ts'
import { record } from '#server/facts.ts'
import { countFollow } from '#server/follows/count-follow.ts'
import type { FollowRow } from '#server/follows/find-follow.ts'
import { leaveLists } from '#server/lists/list-members.ts'

/** The followed account, a remote one, accepted a follow of one of ours, in the transaction of the receipt. Fact `follow-confirmed`, once. */
export async function receiveFollowAccept(tx: Tx, followId: number): Promise<void> {
  const [follow] = await tx
    .update(follows)
    .set({ state: 'accepted', acceptedAt: tx.now })
    .where(and(eq(follows.id, followId), eq(follows.state, 'pending')))
    .returning()
  if (!follow) return
  await countFollow(tx, follow, 1)
  await record(tx, 'follow-confirmed', { followId })
}

/** The followed account refused a follow of one of ours, or ended one it had accepted: the row is gone. */
export async function receiveFollowReject(tx: Tx, followId: number): Promise<void> {
  await endFollow(tx, followId)
}

/** Takes a follow's row away, and the followed out of the follower's lists, and counts it out. The row as it was, or undefined when there was none. */
export async function endFollow(tx: Tx, followId: number): Promise<FollowRow | undefined> {
  const [gone] = await tx.delete(follows).where(eq(follows.id, followId)).returning()
  if (gone) await leaveLists(tx, gone.followerId, gone.followedId)
  if (gone?.state === 'accepted') await countFollow(tx, gone, -1)
  return gone
}
