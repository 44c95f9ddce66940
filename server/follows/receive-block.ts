import { and, eq } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { blocks } from '#db/schema/follows.ts'
import { findFollow } from '#server/follows/find-follow.ts'
import { endFollow } from '#server/follows/receive-follow-answer.ts'
import { isPast, isTakenBack, notePast, partsOf } from '#server/peers/taken-back.ts'

/**
 * A remote account blocks one of ours, in the transaction of the receipt: neither follows the other any more, and neither sees the other. One that was
 * lifted before it came parts them, and does not stand.
 */
export async function receiveBlock(
  tx: Tx,
  { accountId, target, uri }: { accountId: number; target: { id: number; uri: string }; uri: string }
): Promise<void> {
  const isLifted = await isTakenBack(tx, { actorId: accountId, uri, parts: partsOf('Block', target.uri) })
  if (!isLifted)
    await tx
      .insert(blocks)
      .values({ id: tx.newId(), accountId, targetId: target.id, uri, createdAt: tx.now })
      .onConflictDoNothing({ target: [blocks.accountId, blocks.targetId] })
  const theirs = await findFollow(tx, accountId, target.id)
  await notePast(tx, accountId, theirs?.uri)
  for (const follow of [theirs, await findFollow(tx, target.id, accountId)]) if (follow) await endFollow(tx, follow.id)
}

/** A remote account lifted its block, named by whom it blocked or by the id of the Block. False when there is none of theirs. */
export async function receiveUnblock(tx: Tx, named: { accountId: number; targetId?: number; uri?: string }): Promise<boolean> {
  const which =
    named.targetId !== undefined ? eq(blocks.targetId, named.targetId) : named.uri !== undefined ? eq(blocks.uri, named.uri) : undefined
  if (!which) return false
  const ofActor = and(eq(blocks.accountId, named.accountId), which)
  const [block] = await tx.select({ id: blocks.id, uri: blocks.uri }).from(blocks).where(ofActor).limit(1)
  if (!block || (block.uri !== named.uri && (await isPast(tx, named.accountId, named.uri)))) return false
  await notePast(tx, named.accountId, block.uri)
  await tx.delete(blocks).where(eq(blocks.id, block.id))
  return true
}
