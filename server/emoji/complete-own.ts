import type { EmojiBook, OwnEmoji } from '#server/emoji/emoji-book.ts'

/** Custom emoji whose shortcode begins with what was typed before those that hold it, then those whose description does; at most so many. Pure. */
export function completeOwnEmoji({ offered }: EmojiBook, typed: string, max: number): OwnEmoji[] {
  const words = typed.toLowerCase()
  if (words === '') return []
  const begin = offered.filter(({ shortcodeKey }) => shortcodeKey.startsWith(words))
  const hold = offered.filter(({ shortcodeKey }) => shortcodeKey.includes(words))
  const told = offered.filter(({ alt }) => alt.toLowerCase().includes(words))
  return [...new Set([...begin, ...hold, ...told])].slice(0, max)
}
