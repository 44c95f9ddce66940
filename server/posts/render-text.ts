import { handleKey, piecesOf, type TextPiece, tagKey } from '#server/posts/find-mentions.ts'

/** How much of a link is shown after its host, in characters. */
const shownPathCharactersMax = 24

/** Whom a typed mention means. */
export interface MentionedAccount {
  /** Name without host, as its owner writes it. */
  name: string
  /** Profile page, absolute. */
  url: string
}

/**
 * Typed text as HTML: paragraphs at blank lines, <br> at single ones, http(s) links shortened with the host always visible, hashtags, and
 * those mentions that `mentions` (by handle key, see findMentions) resolves; others stay text. Pure; `text` has been cleaned.
 */
export function renderText(text: string, mentions: ReadonlyMap<string, MentionedAccount>, origin: string): string {
  const html = piecesOf(text.trim())
    .map((piece) => renderPiece(piece, mentions, origin))
    .join('')
  return html
    .split(/\n{2,}/)
    .filter((paragraph) => paragraph.trim() !== '')
    .map((paragraph) => `<p>${paragraph.replace(/^\n|\n$/g, '').replaceAll('\n', '<br>')}</p>`)
    .join('')
}

/** Where a hashtag's page lies. */
export function tagUrl(tag: string, origin: string): string {
  return `${origin}/tags/${encodeURIComponent(tagKey(tag))}`
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;')
}

/** One piece of a typed text as HTML. Pure. */
export function renderPiece(piece: TextPiece, mentions: ReadonlyMap<string, MentionedAccount>, origin: string): string {
  switch (piece.kind) {
    case 'text':
      return escapeHtml(piece.text.replace(/(?<![ \t])[ \t]+\n/g, '\n'))
    case 'link':
      return renderLink(piece.text, piece.url)
    case 'tag':
      return `<a class="mention hashtag" rel="tag" href="${escapeHtml(tagUrl(piece.tag, origin))}">#<span>${escapeHtml(piece.tag)}</span></a>`
    case 'mention': {
      const account = mentions.get(handleKey(piece.name, piece.host))
      if (!account) return escapeHtml(piece.text)
      return `<span class="h-card"><a class="u-url mention" href="${escapeHtml(account.url)}">@<span>${escapeHtml(account.name)}</span></a></span>`
    }
  }
}

/** The scheme and the end of a long path are there for whoever copies the text, but not shown. */
function renderLink(typed: string, url: string): string {
  const scheme = /^https?:\/\//i.exec(typed)?.[0] ?? ''
  const rest = typed.slice(scheme.length)
  const pathAt = rest.search(/[/?#]/)
  const shownEnd = pathAt < 0 ? rest.length : charactersEnd(rest, pathAt + shownPathCharactersMax)
  const shown = rest.slice(0, shownEnd)
  const hidden = rest.slice(shownEnd)
  return (
    `<a href="${escapeHtml(url)}" rel="nofollow noopener ugc"><span class="invisible">${escapeHtml(scheme)}</span>` +
    (hidden === ''
      ? `<span>${escapeHtml(shown)}</span>`
      : `<span class="ellipsis">${escapeHtml(shown)}</span><span class="invisible">${escapeHtml(hidden)}</span>`) +
    '</a>'
  )
}

/** An end at or before `at` that does not cut a character in half. */
function charactersEnd(text: string, at: number): number {
  if (at >= text.length) return text.length
  const unit = text.charCodeAt(at)
  return unit >= 0xdc00 && unit <= 0xdfff ? at - 1 : at
}
