import { eq } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { follows } from '#db/schema/follows.ts'
import { notify, withdraw } from '#server/notifications/notify.ts'

/** Reaction: somebody follows, or asks to follow, one of ours. Once accepted, the request gives way to the follow. */
export async function notifyFollow(tx: Tx, { followId }: { followId: number }): Promise<void> {
  const [follow] = await tx.select().from(follows).where(eq(follows.id, followId))
  if (!follow) return
  const { followedId, followerId, state } = follow
  if (state === 'accepted') await withdraw(tx, followedId, followerId, ['follow-request'])
  // Nobody is there any more who could follow: it is the server that moved or mended something.
  const [follower] = await tx.select({ isMemorial: accounts.isMemorial }).from(accounts).where(eq(accounts.id, followerId))
  if (follower?.isMemorial) return
  await notify(tx, [followedId], { kind: state === 'accepted' ? 'follow' : 'follow-request', fromId: followerId })
}

/** Reaction: somebody whom one of ours follows moved, and they follow the new account now. Each move is told of, the last one only. */
export async function notifyMoved(tx: Tx, { followerId, accountId }: { followerId: number; accountId: number }): Promise<void> {
  await withdraw(tx, followerId, accountId, ['move'])
  await notify(tx, [followerId], { kind: 'move', fromId: accountId })
}

/** Reaction: a follow or request is gone, by whoever's deed. */
export async function withdrawFollow(tx: Tx, { followerId, followedId }: { followerId: number; followedId: number }): Promise<void> {
  await withdraw(tx, followedId, followerId, ['follow', 'follow-request'])
}
