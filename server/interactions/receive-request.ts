import { eq } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { interactions } from '#db/schema/quotes.ts'
import { findPermission } from '#server/interactions/find-permission.ts'
import { findByObject, findInteraction } from '#server/interactions/find-interaction.ts'
import { acceptInteraction } from '#server/interactions/settle.ts'
import { mayAskMore, recordState, stateFor, writeInteraction } from '#server/interactions/write-interaction.ts'
import { findPostByUri, type PostRow } from '#server/posts/find-post.ts'

export interface ReceivedRequest {
  kind: 'quote' | 'reply'
  accountId: number
  /** Id of the quoting post or the reply. */
  objectUri: string
  requestUri?: string
}

/**
 * Somebody elsewhere asks to quote or answer a post of ours, in the transaction of the receipt. The policy decides, or else the request waits for the post's
 * author. Whoever asks again is told again what was decided. `bring` writes the post that came along, if one did.
 */
export async function receiveRequest(
  tx: Tx,
  post: PostRow,
  { kind, accountId, objectUri, requestUri }: ReceivedRequest,
  bring: () => Promise<PostRow | undefined>
): Promise<void> {
  const named = await findPostByUri(tx, objectUri)
  // Nobody asks for others of their server.
  if (named && named.authorId !== accountId) return
  const said = await findByObject(tx, kind, post.id, objectUri)
  if (said && said.fromId !== accountId) {
    if (!named) return
    await tx.delete(interactions).where(eq(interactions.id, said.id))
  }
  const known = said?.fromId === accountId ? said : undefined
  if (!known && !(await mayAskMore(tx, accountId))) return
  const state = known?.state ?? stateFor(await findPermission(tx, kind, post, accountId))
  const asked = { kind, targetId: post.id, fromId: accountId, objectUri, ...(requestUri === undefined ? {} : { requestUri }) }
  // What is to be accepted waits until the post is there: accepting puts it in its place.
  const { row } = await writeInteraction(tx, { ...asked, state: state === 'accepted' && !known ? 'pending' : state })
  // What is refused is not kept either.
  const brought = state === 'rejected' ? undefined : await bring()
  if (brought && brought.authorId === accountId) await writeInteraction(tx, { ...asked, postId: brought.id, state })
  if (known) {
    if (known.state !== 'pending') await recordState(tx, row)
    return
  }
  const details = await findInteraction(tx, row.id)
  if (state === 'accepted' && details) await acceptInteraction(tx, details)
  else await recordState(tx, row)
}
