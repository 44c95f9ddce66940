import type { EmojiUse } from '#db/schema/emoji.ts'
import type { EmojiBook } from '#server/emoji/emoji-book.ts'
import { escapeHtml } from '#server/posts/render-text.ts'

/** Pictures of emoji in one text; the shortcodes that come after stay words. */
const picturesMax = 200
const shortcode = /:([A-Za-z0-9_+-]{1,64}):/g
/** Within these a shortcode is part of an address, a name or a program, and no picture. */
const plainElements = new Set(['a', 'code', 'pre', 'kbd', 'samp'])

type Uses = readonly EmojiUse[] | null

/**
 * HTML that our sanitiser or renderer wrote (so every `<` starts a tag), with pictures for the custom emoji that came along. Only text between tags is looked at,
 * never an attribute, a link or code.
 */
export function emojiHtml(html: string, uses: Uses, book: EmojiBook): string {
  if (uses === null || uses.length === 0 || !html.includes(':')) return html
  const keys = keysOf(uses, book)
  const left = { pictures: picturesMax }
  let plainDepth = 0
  let out = ''
  for (const token of html.match(/<[^>]*>|[^<]+/g) ?? []) {
    if (token.startsWith('<')) {
      const [, slash, name = ''] = /^<(\/?)([a-z0-9]+)/.exec(token) ?? []
      if (plainElements.has(name)) plainDepth = Math.max(0, plainDepth + (slash === '/' ? -1 : 1))
      out += token
    } else out += plainDepth === 0 ? withPictures(token, { keys, left, book }) : token
  }
  return out
}

/** Plain text as HTML, with pictures for the custom emoji that came along. */
export function emojiText(text: string, uses: Uses, book: EmojiBook): string {
  const html = escapeHtml(text)
  if (uses === null || uses.length === 0) return html
  return withPictures(html, { keys: keysOf(uses, book), left: { pictures: picturesMax }, book })
}

/**
 * The picture of one custom emoji, or its shortcode where it is not to be seen. What it is said to show, else the shortcode, is read out and shown where there
 * are no pictures. One that moves comes with a still one: the style shows one of the two, and the other is not loaded.
 */
export function emojiPicture({ shortcode: name, key }: EmojiUse, book: EmojiBook): string {
  const code = escapeHtml(`:${name}:`)
  if (book.hidden.has(key)) return code
  const own = book.byKey.get(key)
  const alt = own?.alt ? escapeHtml(own.alt) : code
  const picture = (look: string, path: string) =>
    `<img class="emoji${look}" src="/media/${escapeHtml(key)}${path}" alt="${alt}" title="${code}" width="20" height="20" loading="lazy" decoding="async">`
  return own?.isAnimated ? picture(' emoji-moving', '') + picture(' emoji-still', '/preview') : picture('', '')
}

function keysOf(uses: readonly EmojiUse[], { hidden }: EmojiBook): Map<string, string> {
  return new Map(uses.flatMap(({ shortcode: name, key }) => (hidden.has(key) ? [] : [[name, key] as const])))
}

interface Drawing {
  keys: Map<string, string>
  left: { pictures: number }
  book: EmojiBook
}

/** Text that is HTML already. A shortcode within an address that is no link stays as it is. */
function withPictures(text: string, { keys, left, book }: Drawing): string {
  return text.replace(shortcode, (code, name: string, at: number) => {
    const key = keys.get(name)
    if (key === undefined || left.pictures === 0) return code
    left.pictures--
    return isInAddress(text, at) ? code : emojiPicture({ shortcode: name, key }, book)
  })
}

/** How far back a word is looked at for the start of an address, in characters. */
const wordCharactersMax = 300

function isInAddress(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - wordCharactersMax), at)
  return before.includes('//', Math.max(before.lastIndexOf(' '), before.lastIndexOf('\n'), before.lastIndexOf('\u00a0')) + 1)
}
