import type { EmojiUse } from '#db/schema/emoji.ts'
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
export function emojiHtml(html: string, uses: Uses): string {
  if (uses === null || uses.length === 0 || !html.includes(':')) return html
  const keys = keysOf(uses)
  const left = { pictures: picturesMax }
  let plainDepth = 0
  let out = ''
  for (const token of html.match(/<[^>]*>|[^<]+/g) ?? []) {
    if (token.startsWith('<')) {
      const [, slash, name = ''] = /^<(\/?)([a-z0-9]+)/.exec(token) ?? []
      if (plainElements.has(name)) plainDepth = Math.max(0, plainDepth + (slash === '/' ? -1 : 1))
      out += token
    } else out += plainDepth === 0 ? withPictures(token, keys, left) : token
  }
  return out
}

/** Plain text as HTML, with pictures for the custom emoji that came along. */
export function emojiText(text: string, uses: Uses): string {
  const html = escapeHtml(text)
  return uses === null || uses.length === 0 ? html : withPictures(html, keysOf(uses), { pictures: picturesMax })
}

/** The picture of one custom emoji; its shortcode is read out and shown where there are no pictures. */
export function emojiPicture({ shortcode: name, key }: EmojiUse): string {
  const code = escapeHtml(`:${name}:`)
  return `<img class="emoji" src="/media/${escapeHtml(key)}" alt="${code}" title="${code}" width="20" height="20" loading="lazy" decoding="async">`
}

function keysOf(uses: readonly EmojiUse[]): Map<string, string> {
  return new Map(uses.map(({ shortcode: name, key }) => [name, key]))
}

/** Text that is HTML already. A shortcode within an address that is no link stays as it is. */
function withPictures(text: string, keys: Map<string, string>, left: { pictures: number }): string {
  return text.replace(shortcode, (code, name: string, at: number) => {
    const key = keys.get(name)
    if (key === undefined || left.pictures === 0) return code
    left.pictures--
    return isInAddress(text, at) ? code : emojiPicture({ shortcode: name, key })
  })
}

/** How far back a word is looked at for the start of an address, in characters. */
const wordCharactersMax = 300

function isInAddress(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - wordCharactersMax), at)
  return before.includes('//', Math.max(before.lastIndexOf(' '), before.lastIndexOf('\n'), before.lastIndexOf('\u00a0')) + 1)
}
