import { and, asc, eq, isNull } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { posts } from '#db/schema/posts.ts'
import type { InteractionState } from '#db/schema/quotes.ts'
import { findByObject } from '#server/interactions/find-interaction.ts'
import { findPermission } from '#server/interactions/find-permission.ts'
import { isForEverybody, policyFor } from '#server/interactions/policy.ts'
import { recordState, stateFor, writeInteraction } from '#server/interactions/write-interaction.ts'
import { attachReply } from '#server/posts/attach-reply.ts'
import type { PostRow } from '#server/posts/find-post.ts'
import { isForAnybody } from '#server/posts/visibility.ts'

/** Replies that came before their parent and are looked at one by one when the parent lets in not everybody. */
const adoptedMax = 200

/** Whether a reply stands below its parent; `state` is what has to be written down of it, absent when nothing has. */
export interface Admission {
  isIn: boolean
  state?: InteractionState
}

/**
 * What becomes of a reply from elsewhere, by its parent's policy. Of ours the policy decides, or its author later. Of others only what needs no proof stands at
 * once; the rest waits for the proof, since we cannot look into their collections.
 */
export async function judgeReply(tx: Tx, parent: PostRow, reply: { uri: string; authorId: number }): Promise<Admission> {
  if (isForEverybody(policyFor('reply', parent))) return { isIn: true }
  const known = await findByObject(tx, 'reply', parent.id, reply.uri)
  // Somebody else of that server may have asked in the name of this reply.
  if (known?.fromId === reply.authorId) return { isIn: known.state === 'accepted', state: known.state }
  const permission = await findPermission(tx, 'reply', parent, reply.authorId)
  if (permission === 'free') return { isIn: true }
  const state = parent.isLocal ? stateFor(permission) : 'pending'
  return { isIn: state === 'accepted', state }
}

/** Writes down why a reply that has just been written stands, or does not stand, below its parent. */
export async function noteReply(
  tx: Tx,
  parent: PostRow,
  reply: PostRow,
  state: InteractionState,
  authorizationUri?: string
): Promise<void> {
  const { row, isNew } = await writeInteraction(tx, {
    kind: 'reply',
    targetId: parent.id,
    fromId: reply.authorId,
    objectUri: reply.uri,
    postId: reply.id,
    state,
    ...(authorizationUri === undefined || parent.isLocal ? {} : { authorizationUri })
  })
  if (isNew && parent.isLocal) await recordState(tx, row)
}

/** As adoptReplies, for a parent that lets in not everybody: each reply is judged. Returns how many found their place and are counted. */
export async function adoptAllowedReplies(tx: Tx, parent: PostRow): Promise<number> {
  const waiting = await tx
    .select()
    .from(posts)
    .where(and(eq(posts.replyToUri, parent.uri), isNull(posts.replyToId), eq(posts.isLocal, false)))
    .orderBy(asc(posts.id))
    .limit(adoptedMax)
  let counted = 0
  for (const reply of waiting) {
    const { isIn, state } = await judgeReply(tx, parent, reply)
    const isAttached = isIn && (await attachReply(tx, reply, parent))
    if (!isIn) await tx.update(posts).set({ isHeld: true }).where(eq(posts.id, reply.id))
    if (state !== undefined) await noteReply(tx, parent, reply, state)
    if (isAttached && reply.deletedAt === null && isForAnybody(reply)) counted += 1
  }
  return counted
}
