import { and, eq } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { reactions } from '#db/schema/reactions.ts'
import { record } from '#server/facts.ts'
import { findOwnAt, keepEmojis, type ToldEmoji } from '#server/media/remote-emoji.ts'
import type { Random } from '#server/platform/random.ts'
import { findPermission } from '#server/interactions/find-permission.ts'
import { isForEverybody, policyFor } from '#server/interactions/policy.ts'
import { isPast, isTakenBack, notePast, partsOf } from '#server/peers/taken-back.ts'
import { findPost, type PostRow } from '#server/posts/find-post.ts'
import { customEmoji, ownEmojiHost, shortcodesOf, toEmoji } from '#server/posts/reaction-emoji.ts'
import { insertReaction, type ReactionRow, removeReaction } from '#server/posts/write-reaction.ts'

export interface ReceivedReaction {
  /** Id of the Like or EmojiReact. */
  uri?: string
  accountId: number
  /** Host of the account. */
  host: string
  postId: number
  /** As it came: an emoji of Unicode, or the shortcode of a custom one. */
  text: string
  /** Custom emoji that came along. */
  emojis: readonly ToldEmoji[]
}

/** Whether what came can be shown as a reaction: one emoji, or a shortcode whose picture came along. Pure. */
export function isReaction(text: string, emojis: readonly ToldEmoji[]): boolean {
  return toEmoji(text) !== undefined || customOf(text, emojis) !== undefined
}

/**
 * A remote account reacts to a post, in the transaction of the receipt; once an account, post and emoji, whatever the ids. False, and nothing happens, when
 * the post is not there, not for them, had it before, it is no reaction, or was taken back before it came. Fact `reaction-received`.
 */
export async function receiveReaction(tx: Tx, random: Random, received: ReceivedReaction): Promise<boolean> {
  const { uri, accountId, host, postId, text } = received
  const post = await findPost(tx, accountId, postId)
  if (!post || post.boostOfId !== null || !(await mayReact(tx, post, accountId))) return false
  if (await isTakenBack(tx, { actorId: accountId, uri, parts: partsOf('React', post.uri, text) })) return false
  const kept = await keepEmoji(tx, random, host, text, received.emojis)
  if (!kept) return false
  const reactionId = await insertReaction(tx, { accountId, postId, uri: uri ?? null, ...kept })
  if (reactionId === undefined) return false
  await record(tx, 'reaction-received', { reactionId, accountId, postId })
  return true
}

/** A remote account took a reaction back, named by the id of the Like or EmojiReact, else by post and emoji. False when there is none of theirs. */
export async function receiveUnreaction(
  tx: Tx,
  { accountId, ...named }: { accountId: number; uri?: string; postId?: number; text?: string }
): Promise<boolean> {
  const row = (await ofUri(tx, accountId, named.uri)) ?? (await ofParts(tx, accountId, named.postId, named.text))
  if (!row || (row.uri !== named.uri && (await isPast(tx, accountId, named.uri)))) return false
  await notePast(tx, accountId, row.uri)
  return (await removeReaction(tx, row)) !== undefined
}

/** Who may like a post may react to it; nobody is asked for a reaction. */
async function mayReact(tx: Tx, post: PostRow, accountId: number): Promise<boolean> {
  if (isForEverybody(policyFor('like', post))) return true
  const permission = await findPermission(tx, 'like', post, accountId)
  return permission === 'free' || permission === 'listed'
}

async function keepEmoji(
  tx: Tx,
  random: Random,
  host: string,
  text: string,
  emojis: readonly ToldEmoji[]
): Promise<{ emoji: string; mediaKey: string | null } | undefined> {
  const emoji = toEmoji(text)
  if (emoji !== undefined) return { emoji, mediaKey: null }
  const custom = customOf(text, emojis)
  if (!custom) return undefined
  const own = await findOwnAt(tx, custom.url)
  if (own) return { emoji: customEmoji(own.shortcode, ownEmojiHost), mediaKey: own.mediaKey }
  // An emoji of a third server is known by that server's name, but only as far as this one tells of it: its picture is kept as this one's.
  const [use] = await keepEmojis(tx, random, host, [custom])
  return use && { emoji: customEmoji(use.shortcode, host), mediaKey: use.key }
}

function customOf(text: string, emojis: readonly ToldEmoji[]): ToldEmoji | undefined {
  const [named] = shortcodesOf(text).flatMap((name) => emojis.find(({ shortcode }) => shortcode === name) ?? [])
  return named
}

async function ofUri(tx: Tx, accountId: number, uri: string | undefined): Promise<ReactionRow | undefined> {
  if (uri === undefined) return undefined
  const [row] = await tx
    .select()
    .from(reactions)
    .where(and(eq(reactions.accountId, accountId), eq(reactions.uri, uri)))
    .limit(1)
  return row
}

/** The emoji that is named; when none can be read, the only one there is. */
async function ofParts(tx: Tx, accountId: number, postId: number | undefined, text = ''): Promise<ReactionRow | undefined> {
  if (postId === undefined) return undefined
  const rows = await tx
    .select()
    .from(reactions)
    .where(and(eq(reactions.accountId, accountId), eq(reactions.postId, postId)))
  const emoji = toEmoji(text)
  const beginnings = emoji === undefined ? shortcodesOf(text).map((shortcode) => `:${shortcode}@`) : []
  const [named] = beginnings.flatMap((beginning) => rows.find((row) => row.emoji.startsWith(beginning)) ?? [])
  return rows.find((row) => row.emoji === emoji) ?? named ?? (text === '' && rows.length === 1 ? rows[0] : undefined)
}
