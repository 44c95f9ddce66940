import type { EmojiUse } from '#db/schema/emoji.ts'

/** Hearts in all their spellings mean what a favourite means. */
const hearts = new Set(['❤', '❤️', '♥', '♥️'])
const oneEmoji = /^\p{RGI_Emoji}$/v
const customName = /^:?([A-Za-z0-9_+-]{1,64})(?:@([^\s:@]{1,255}|\.))?:?$/
/** Characters of pictures that are text by themselves, and are not told to be pictures. */
const untoldPicture = /(?=\p{Emoji})(?!\p{Emoji_Presentation})[^\d#*](?![\ufe0f\p{Emoji_Modifier}])|[\d#*](?=\u20e3)/gu
const emojiUnitsMax = 64
const shortcodeCharactersMax = 64

/** One emoji of Unicode in its full spelling (with the selectors that some keyboards leave out); undefined for anything else. Pure. */
export function toEmoji(text: string): string | undefined {
  const typed = text.trim()
  if (typed === '' || typed.length > emojiUnitsMax) return undefined
  for (const candidate of [typed, typed.replaceAll('\ufe0f', '').replace(untoldPicture, '$&\ufe0f'), typed.replaceAll('\ufe0f', '')])
    if (oneEmoji.test(candidate)) return candidate
  return undefined
}

/** Whether what somebody reacts with is no more than a favourite. */
export function isHeart(text: string): boolean {
  return hearts.has(text)
}

/** The name and (when one is named) host of a custom emoji: `:name:`, `name`, `:name@host:`. A dot for a host means the speaker's own, as Misskey writes it. */
export function readCustomName(text: string): { shortcode: string; host: string | undefined } | undefined {
  const [, shortcode, host] = customName.exec(text.trim()) ?? []
  return shortcode === undefined ? undefined : { shortcode, host: host === '.' ? undefined : host?.toLowerCase() }
}

/** What an emoji is called that a server shows of a third one: its own of that name may be another picture. Pure. */
export function thirdShortcode(shortcode: string, host: string): string {
  return `${shortcode}_${host.toLowerCase().replace(/[^a-z0-9]+/g, '_')}`.slice(0, shortcodeCharactersMax)
}

/** The names under which the picture of a custom emoji may have come along, the likeliest first. Pure. */
export function shortcodesOf(text: string): string[] {
  const name = readCustomName(text)
  if (!name) return []
  return name.host === undefined ? [name.shortcode] : [thirdShortcode(name.shortcode, name.host), name.shortcode]
}

/** The host under which emoji of ours are kept: its own name plays no part. */
export const ownEmojiHost = '.'

/** How a custom emoji is kept in a reaction. */
export function customEmoji(shortcode: string, host: string): string {
  return `:${shortcode}@${host}:`
}

/** What people see of a kept reaction: the emoji, or `:shortcode:` without its host. */
export function shownEmoji(emoji: string): string {
  const name = emoji.length > 2 && emoji.startsWith(':') ? readCustomName(emoji) : undefined
  return name === undefined ? emoji : `:${name.shortcode}:`
}

/** A reaction's emoji with its picture, as views want it. */
export function emojiUseOf(emoji: string, mediaKey: string | null): EmojiUse | undefined {
  const name = mediaKey === null ? undefined : readCustomName(emoji)
  return name === undefined || mediaKey === null ? undefined : { shortcode: name.shortcode, key: mediaKey }
}
