import type { Tx } from '#db/reader.ts'
import { record } from '#server/facts.ts'
import { findFollow } from '#server/follows/find-follow.ts'
import { endFollow, receiveFollowAccept } from '#server/follows/receive-follow-answer.ts'

interface Differing {
  unknownThere: readonly { followId: number }[]
  acceptedThere: readonly { followId: number }[]
  unknownHere: readonly { id: number; uri: string }[]
}

/**
 * Makes our follows of a remote account agree with what its server has. What its server does not have ends without a word to it; what only its server has is
 * undone there (fact `follow-undone`), since nobody here asked for it.
 */
export async function settleFollows(tx: Tx, followed: { id: number }, differing: Differing): Promise<void> {
  for (const { followId } of differing.unknownThere) await endFollow(tx, followId)
  for (const { followId } of differing.acceptedThere) await receiveFollowAccept(tx, followId)
  for (const { id, uri } of differing.unknownHere) {
    if (await findFollow(tx, id, followed.id)) continue
    // Its id at the other side is not known; it is matched there by who and whom.
    const followUri = `${uri}#follow-${tx.newId()}`
    await record(tx, 'follow-undone', { followerId: id, followedId: followed.id, followUri })
  }
}
