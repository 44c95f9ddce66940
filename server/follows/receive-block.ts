import { and, eq } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { blocks } from '#db/schema/follows.ts'
import { findFollow } from '#server/follows/find-follow.ts'
import { endFollow } from '#server/follows/receive-follow-answer.ts'

/** A remote account blocks one of ours, in the transaction of the receipt: neither follows the other any more, and neither sees the other. */
export async function receiveBlock(
  tx: Tx,
  { accountId, targetId, uri }: { accountId: number; targetId: number; uri: string }
): Promise<void> {
  await tx
    .insert(blocks)
    .values({ id: tx.newId(), accountId, targetId, uri, createdAt: tx.now })
    .onConflictDoNothing({ target: [blocks.accountId, blocks.targetId] })
  for (const follow of [await findFollow(tx, accountId, targetId), await findFollow(tx, targetId, accountId)]) {
    if (follow) await endFollow(tx, follow.id)
  }
}

/** A remote account lifted its block, named by whom it blocked or by the id of the Block. False when there is none of theirs. */
export async function receiveUnblock(tx: Tx, named: { accountId: number; targetId?: number; uri?: string }): Promise<boolean> {
  const which =
    named.targetId !== undefined ? eq(blocks.targetId, named.targetId) : named.uri !== undefined ? eq(blocks.uri, named.uri) : undefined
  if (!which) return false
  const gone = await tx
    .delete(blocks)
    .where(and(eq(blocks.accountId, named.accountId), which))
    .returning({ id: blocks.id })
  return gone.length > 0
}
