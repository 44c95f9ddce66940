import type { Reader, Tx } from '#db/reader.ts'
import { quotes } from '#db/schema/quotes.ts'
import { Refusal } from '#server/errors.ts'
import { mustWait, requirePermission } from '#server/interactions/ask.ts'
import { authorizationOf } from '#server/interactions/authorizations.ts'
import type { Permission } from '#server/interactions/policy.ts'
import { recordState, writeInteraction } from '#server/interactions/write-interaction.ts'
import type { PostRow } from '#server/posts/find-post.ts'

/** Whether one of ours may quote a post, and how. Refusal('forbidden') where its author lets nobody like them, and for what was said to few. */
export async function permitQuote(db: Reader, quoted: PostRow, accountId: number): Promise<Permission> {
  if (quoted.visibility === 'direct') throw new Refusal('forbidden', 'errors.quoteNotAllowed')
  return requirePermission(db, 'quote', quoted, accountId)
}

/**
 * Writes what a new post of ours quotes. One's own posts need nothing; of somebody here the policy has decided, or they are asked; authors elsewhere are always asked,
 * since only their word proves it to others (FEP-044f).
 */
export async function addOwnQuote(tx: Tx, post: PostRow, quoted: PostRow, permission: Permission): Promise<void> {
  const isOwn = quoted.authorId === post.authorId
  const isNow = isOwn || (quoted.isLocal && !mustWait(permission, quoted))
  const asked = isOwn
    ? undefined
    : await writeInteraction(tx, {
        kind: 'quote',
        targetId: quoted.id,
        fromId: post.authorId,
        objectUri: post.uri,
        postId: post.id,
        isOurs: true,
        state: isNow ? 'accepted' : 'pending'
      })
  await tx.insert(quotes).values({
    postId: post.id,
    quotedUri: quoted.uri,
    quotedId: quoted.id,
    state: isNow ? 'accepted' : 'pending',
    authorizationUri: asked && isNow ? authorizationOf(quoted.uri, asked.row.id) : null,
    createdAt: tx.now
  })
  if (asked) await recordState(tx, asked.row)
}

/** Writes that a new reply of ours waits for its parent's author, and asks. */
export async function addWaitingReply(tx: Tx, reply: PostRow, parent: PostRow): Promise<void> {
  const { row } = await writeInteraction(tx, {
    kind: 'reply',
    targetId: parent.id,
    fromId: reply.authorId,
    objectUri: reply.uri,
    postId: reply.id,
    isOurs: true,
    state: 'pending'
  })
  await recordState(tx, row)
}
