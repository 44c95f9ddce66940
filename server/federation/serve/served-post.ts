import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { answerDocument, type Sharing } from '#server/federation/serve/answer.ts'
import type { Viewers } from '#server/federation/serve/viewers.ts'
import { toTombstone } from '#server/federation/vocabulary/to-note.ts'
import { findOutgoing, type OutgoingRow } from '#server/peers/outgoing-posts.ts'
import { readId } from '#server/platform/ids.ts'
import { couldSee, isVisible } from '#server/posts/find-post.ts'
import { isForAnybody, maySee } from '#server/posts/visibility.ts'

export type PostRequest = FastifyRequest<{ Params: { name: string; id: string }; Querystring: { page?: string; after?: string } }>

/** A post or boost of ours that whoever asks may see. */
export interface ServedPost {
  row: OutgoingRow
  /** Whether others than this asker may have what is answered. */
  sharing: Sharing
  /** Who asks, where it had to be proven; undefined for what everybody may see. */
  viewer: Account | undefined
}

/**
 * The post at the very address asked for. Refusal 'missing' for whoever may not see it, 'gone' for what was deleted (of which only those learn who could
 * see it), and whatever `viewers.admit` refuses.
 */
export async function getServedPost(ctx: Context, viewers: Viewers, request: PostRequest): Promise<ServedPost> {
  const row = await findRow(ctx, request)
  await viewers.admit(request, row.post.authorId)
  if (isOpen(row)) {
    if (row.post.deletedAt !== null) throw new Refusal('gone', 'errors.text410')
    if (!(await isForEverybody(ctx, row))) throw new Refusal('missing', 'errors.missing')
    return { row, sharing: 'public', viewer: undefined }
  }
  const viewer = await viewers.findViewer(request)
  if (!viewer || !(await couldSee(ctx.db, viewer.id, row.post.id))) throw new Refusal('missing', 'errors.missing')
  if (row.post.deletedAt !== null) throw new Refusal('gone', 'errors.text410')
  if (!(await isVisible(ctx.db, viewer.id, row.post.id))) throw new Refusal('missing', 'errors.missing')
  return { row, sharing: 'private', viewer }
}

/** Answers 410 with the tombstone of a deleted post, where `getServedPost` refused with 'gone'. */
export async function answerTombstone(ctx: Context, request: PostRequest, reply: FastifyReply): Promise<FastifyReply> {
  const row = await findRow(ctx, request)
  const { uri, deletedAt } = row.post
  return answerDocument(request, reply, toTombstone({ uri, deletedAt: deletedAt ?? 0 }), isOpen(row) ? 'public' : 'private', 410)
}

/** Of our own posts, the one at this very address. */
async function findRow(ctx: Context, { params: { name, id } }: PostRequest): Promise<OutgoingRow> {
  const postId = readId(id)
  const row = postId === undefined ? undefined : await findOutgoing(ctx.db, postId)
  if (!row || row.authorName !== name) throw new Refusal('missing', 'errors.missing')
  return row
}

/** The one rule of visibility, on the row at hand; a boost needs a look at what it boosts. */
async function isForEverybody(ctx: Context, { post, authorSuspendedAt, authorDeletedAt }: OutgoingRow): Promise<boolean> {
  if (post.boostOfId !== null) return isVisible(ctx.db, undefined, post.id)
  const { authorId, visibility, isLocalOnly, deletedAt } = post
  return maySee(undefined, {
    authorId,
    visibility,
    isLocalOnly,
    isDeleted: deletedAt !== null,
    isAuthorHidden: authorSuspendedAt !== null || authorDeletedAt !== null,
    audience: []
  })
}

function isOpen({ post }: OutgoingRow): boolean {
  return isForAnybody(post)
}
