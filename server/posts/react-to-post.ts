import { eq } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { reactionCounts } from '#db/schema/reactions.ts'
import type { Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { findUsable } from '#server/emoji/find-own.ts'
import { Refusal } from '#server/errors.ts'
import { record } from '#server/facts.ts'
import { mustWait, requirePermission } from '#server/interactions/ask.ts'
import { requireActive, requireAuthor } from '#server/posts/authors.ts'
import { getOriginal } from '#server/posts/find-post.ts'
import { customEmoji, ownEmojiHost, readCustomName, toEmoji } from '#server/posts/reaction-emoji.ts'
import { insertReaction, removeReaction } from '#server/posts/write-reaction.ts'

interface ReactionInput {
  postId: number
  /** One emoji of Unicode, a custom one that somebody left under this post (`:name:` or `:name@host:`), or one of ours (`:name:` or `:name@.:`). */
  emoji: string
}

/**
 * One of ours reacts to a post with an emoji; the same one again changes nothing. Fact `post-reacted`. Refusals: 'missing'; 'invalid' for what is no single
 * emoji; 'forbidden' where the author wants to be asked for likes.
 */
export async function reactToPost(ctx: Context, who: Who, { postId, emoji: typed }: ReactionInput): Promise<void> {
  const account = requireActive(who)
  await ctx.transact(async (tx) => {
    const post = await getOriginal(tx, account.id, postId)
    const permission = await requirePermission(tx, 'like', post, account.id)
    if (mustWait(permission, post)) throw new Refusal('forbidden', 'errors.reactionNotAllowed')
    const { emoji, mediaKey } = await readTyped(tx, post.id, typed)
    const reactionId = await insertReaction(tx, { accountId: account.id, postId: post.id, emoji, mediaKey, uri: null })
    if (reactionId !== undefined) await record(tx, 'post-reacted', { reactionId, accountId: account.id, postId: post.id })
  })
}

/** Takes a reaction back; nothing happens when there is none. Fact `post-unreacted`. Refusals: 'missing'. */
export async function unreactToPost(ctx: Context, who: Who, { postId, emoji: typed }: ReactionInput): Promise<void> {
  const account = requireAuthor(who)
  await ctx.transact(async (tx) => {
    const post = await getOriginal(tx, account.id, postId)
    const { emoji, mediaKey } = await readTyped(tx, post.id, typed)
    const gone = await removeReaction(tx, { accountId: account.id, postId: post.id, emoji })
    if (gone) await record(tx, 'post-unreacted', { reactionId: gone.id, accountId: account.id, postId: post.id, emoji, mediaKey })
  })
}

async function readTyped(tx: Tx, postId: number, typed: string): Promise<{ emoji: string; mediaKey: string | null }> {
  const emoji = toEmoji(typed)
  if (emoji !== undefined) return { emoji, mediaKey: null }
  const name = readCustomName(typed)
  const left = name === undefined ? [] : await tx.select().from(reactionCounts).where(eq(reactionCounts.postId, postId))
  const isOwnMeant = isOwnName(typed.trim())
  const known =
    left.find((each) => each.emoji === typed.trim()) ??
    left.find((each) => !isOwnMeant && each.mediaKey !== null && isMeant(name, readCustomName(each.emoji)))
  if (known && !isOwnName(known.emoji)) return { emoji: known.emoji, mediaKey: known.mediaKey }
  if (name !== undefined && name.host === undefined) {
    const own = await findUsable(tx, name.shortcode)
    if (own) return { emoji: customEmoji(name.shortcode, ownEmojiHost), mediaKey: own.mediaKey }
  }
  // One that nobody may choose any more can still be joined, and taken back.
  if (known) return { emoji: known.emoji, mediaKey: known.mediaKey }
  throw new Refusal('invalid', 'errors.notOneEmoji', {}, 'emoji')
}

type Name = ReturnType<typeof readCustomName>

/** Whether a typed name, with its host or without, means an emoji that was left. */
function isMeant(typed: Name, theirs: Name): boolean {
  return typed?.shortcode === theirs?.shortcode && (typed?.host === undefined || typed.host === theirs?.host)
}

function isOwnName(emoji: string): boolean {
  return emoji.endsWith(`@${ownEmojiHost}:`)
}
