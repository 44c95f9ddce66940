import { and, eq, inArray } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { follows } from '#db/schema/follows.ts'
import { notifications } from '#db/schema/notifications.ts'
import { findFollow } from '#server/follows/find-follow.ts'
import { endFollow } from '#server/follows/receive-follow-answer.ts'
import { isPast, notePast } from '#server/peers/taken-back.ts'

/**
 * A remote account took its follow (or request) back, named by whom it followed or by the id of the Follow. False when there is none of theirs, or only
 * another than the one that is meant, which is over.
 */
export async function receiveUnfollow(tx: Tx, named: { followerId: number; followedId?: number; uri?: string }): Promise<boolean> {
  const follow =
    named.followedId === undefined ? await ofUri(tx, named.followerId, named.uri) : await findFollow(tx, named.followerId, named.followedId)
  if (!follow || (follow.uri !== named.uri && (await isPast(tx, named.followerId, named.uri)))) return false
  await notePast(tx, named.followerId, follow.uri)
  await endFollow(tx, follow.id)
  await tx
    .delete(notifications)
    .where(
      and(
        eq(notifications.accountId, follow.followedId),
        inArray(notifications.kind, ['follow', 'follow-request']),
        eq(notifications.fromId, follow.followerId)
      )
    )
  return true
}

async function ofUri(tx: Tx, followerId: number, uri: string | undefined) {
  if (uri === undefined) return undefined
  const [row] = await tx
    .select()
    .from(follows)
    .where(and(eq(follows.uri, uri), eq(follows.followerId, followerId)))
    .limit(1)
  return row
}
