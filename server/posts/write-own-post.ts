import { eq } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import type { EmojiUse } from '#db/schema/emoji.ts'
import { posts } from '#db/schema/posts.ts'
import { users } from '#db/schema/sign-in.ts'
import type { Context } from '#server/context.ts'
import { emojisWritten, noteUses, usesOf } from '#server/emoji/written-emoji.ts'
import { record } from '#server/facts.ts'
import { mustWait } from '#server/interactions/ask.ts'
import { addOwnQuote, addWaitingReply } from '#server/interactions/write-own.ts'
import { addOwnPoll } from '#server/polls/write-poll.ts'
import { attachMedia } from '#server/posts/attach-media.ts'
import type { CheckedDraft } from '#server/posts/check-draft.ts'
import { countPost } from '#server/posts/counters.ts'
import { findCommunity } from '#server/posts/find-community.ts'
import type { PostRow } from '#server/posts/find-post.ts'
import type { PreparedPost } from '#server/posts/prepare-post.ts'
import { isForAnybody } from '#server/posts/visibility.ts'
import { addAudience, addLinks, type AudienceRow } from '#server/posts/write-post.ts'

/**
 * Writes a post of ours with its audience, tags, pictures, poll and quote, and the fact `post-published`. `before` is the part of a thread, written just now,
 * that it goes on from.
 */
export async function writeOwnPost(ctx: Context, tx: Tx, id: number, prepared: PreparedPost, before?: PostRow): Promise<PostRow> {
  const { author, draft, visibility, people, parent, reply, quoted, quote } = prepared
  const emojis = await emojisWritten(tx, [prepared.html, draft.warning, ...(draft.poll?.options ?? [])])
  const isHeld = parent !== undefined && reply !== undefined && mustWait(reply, parent)
  const post = await insertPost(ctx, tx, id, prepared, {
    parent: before ?? parent,
    isHeld,
    emojis: usesOf(emojis),
    createdAt: before ? before.createdAt + 1 : tx.now
  })
  await addAudience(tx, id, audienceOf(author.id, visibility, people))
  await addLinks(tx, id, { mentionIds: people, tags: prepared.tags })
  if (emojis) await noteUses(tx, id, emojis, true)
  await attachMedia(tx, post, draft.media, ctx.config.limits.imagesPerPostMax)
  if (draft.poll) await addOwnPoll(tx, id, draft.poll)
  await countPost(tx, post)
  if (isHeld && parent) await addWaitingReply(tx, post, parent)
  if (quoted && quote) await addOwnQuote(tx, post, quoted, quote)
  if (prepared.remembered) await tx.update(users).set({ lastVisibility: prepared.remembered }).where(eq(users.accountId, author.id))
  await record(tx, 'post-published', { postId: id })
  return post
}

interface Place {
  /** What it answers: the post, or the part of a thread before it. */
  parent: PostRow | undefined
  /** It waits for the parent's author, and hangs on nothing until then. */
  isHeld: boolean
  /** Custom emoji that stand in it; null for none. */
  emojis: EmojiUse[] | null
  /** ms since 1970: parts of a thread are one apart, since other servers order posts by date. */
  createdAt: number
}

async function insertPost(
  ctx: Context,
  tx: Tx,
  id: number,
  prepared: PreparedPost,
  { parent, isHeld, emojis, createdAt }: Place
): Promise<PostRow> {
  const { author, draft, visibility, isLocalOnly, html, policies, mentioned, quoted } = prepared
  const place = isHeld ? undefined : parent
  const [post] = await tx
    .insert(posts)
    .values({
      id,
      uri: `${ctx.config.origin}/@${author.name}/${id}`,
      authorId: author.id,
      replyToId: place?.id ?? null,
      replyToUri: parent?.uri ?? null,
      replyToAuthorId: place?.authorId ?? null,
      threadId: place?.threadId ?? id,
      ...(draft.poll ? { type: 'Question' } : {}),
      html,
      source: draft.text,
      warning: draft.warning,
      emojis,
      isSensitive: draft.isSensitive,
      language: draft.language,
      visibility,
      isLocalOnly,
      isMarkdown: draft.isMarkdown,
      isLocal: true,
      createdAt,
      audienceUri: isForAnybody({ visibility, isLocalOnly }) ? await findCommunity(tx, parent, mentioned) : null,
      ...policies,
      isQuote: quoted !== undefined,
      isHeld
    })
    .returning()
  if (!post) throw new Error('A new post was not written.')
  return post
}

function audienceOf(authorId: number, visibility: CheckedDraft['visibility'], people: readonly number[]): AudienceRow[] {
  const persons = people.map((accountId): AudienceRow => ({ kind: 'person', accountId }))
  return visibility === 'followers' ? [{ kind: 'followers', accountId: authorId }, ...persons] : persons
}
