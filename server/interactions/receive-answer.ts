import { and, eq } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { posts } from '#db/schema/posts.ts'
import { interactions, quotes } from '#db/schema/quotes.ts'
import { record } from '#server/facts.ts'
import { findInteraction, type InteractionDetails } from '#server/interactions/find-interaction.ts'
import { acceptInteraction, rejectInteraction, revokeInteraction } from '#server/interactions/settle.ts'

/**
 * An author elsewhere answered what one of ours asked, in the transaction of the receipt. An answer may change: what was refused may be agreed to, and what was
 * agreed to refused. The caller has checked that the answer is the author's, and the authorization of the author's origin.
 */
export async function receiveAnswer(
  tx: Tx,
  found: InteractionDetails,
  isAccepted: boolean,
  authorizationUri: string | undefined
): Promise<boolean> {
  // Read again: meanwhile it may have been taken back.
  const asked = await findInteraction(tx, found.row.id)
  if (!asked) return false
  return isAccepted ? acceptInteraction(tx, asked, authorizationUri) : rejectInteraction(tx, asked)
}

/**
 * An author elsewhere deleted an authorization: what rested on it is not shown any more. False when no authorization of this author's has that id.
 * Fact `quote-changed` for a quote of ours, so that whoever was sent the post learns of it (FEP-044f, handling a revocation).
 */
export async function receiveAuthorizationDelete(tx: Tx, { uri, authorId }: { uri: string; authorId: number }): Promise<boolean> {
  const shown = await tx
    .select({ postId: quotes.postId, quotedAuthorId: posts.authorId })
    .from(quotes)
    .innerJoin(posts, eq(posts.id, quotes.quotedId))
    .where(and(eq(quotes.authorizationUri, uri), eq(posts.authorId, authorId)))
  for (const { postId } of shown) {
    await tx.update(quotes).set({ state: 'revoked' }).where(eq(quotes.postId, postId))
    const [post] = await tx.select({ isLocal: posts.isLocal }).from(posts).where(eq(posts.id, postId))
    if (post?.isLocal) await record(tx, 'quote-changed', { postId })
  }
  const rows = await tx
    .select({ id: interactions.id })
    .from(interactions)
    .innerJoin(posts, eq(posts.id, interactions.targetId))
    .where(and(eq(interactions.authorizationUri, uri), eq(posts.authorId, authorId)))
  for (const { id } of rows) {
    const found = await findInteraction(tx, id)
    if (found) await revokeInteraction(tx, found)
  }
  return shown.length > 0 || rows.length > 0
}
