import type { OutgoingEmoji } from '#server/emoji/find-own.ts'
import { activityStreams } from '#server/federation/vocabulary/context.ts'

/** The words of an Emoji. */
export const emojiTerms = { toot: 'http://joinmastodon.org/ns#', Emoji: 'toot:Emoji' } as const

/** Where an emoji of ours can be read. */
export function emojiOf(origin: string, id: number): string {
  return `${origin}/emoji/${id}`
}

/** A custom emoji of ours as a tag: what texts hold between colons, and its picture (as Mastodon reads it). */
export function toEmojiTag(emoji: OutgoingEmoji, origin: string): Record<string, unknown> {
  const named = emoji.alt === '' ? {} : { name: emoji.alt }
  return tag(emojiOf(origin, emoji.id), emoji, { mediaType: emoji.mime, url: `${origin}/media/${emoji.mediaKey}`, ...named })
}

/** An emoji of another server as a tag, told with the address of its picture there. */
export function toForeignEmojiTag(emoji: { id: string; shortcode: string; url: string; updatedAt: number }): Record<string, unknown> {
  return tag(emoji.id, emoji, { url: emoji.url })
}

function tag(
  id: string,
  { shortcode, updatedAt }: { shortcode: string; updatedAt: number },
  picture: Record<string, unknown>
): Record<string, unknown> {
  const updated = new Date(updatedAt).toISOString()
  return { id, type: 'Emoji', name: `:${shortcode}:`, updated, icon: { type: 'Image', ...picture } }
}

/** The same as a document of its own; of a deleted one what stays. */
export function toEmojiDocument(emoji: OutgoingEmoji, origin: string): Record<string, unknown> {
  const context = [activityStreams, emojiTerms]
  if (emoji.deletedAt === null) return { '@context': context, ...toEmojiTag(emoji, origin) }
  const deleted = new Date(emoji.deletedAt).toISOString()
  return { '@context': context, id: emojiOf(origin, emoji.id), type: 'Tombstone', formerType: 'Emoji', deleted }
}
