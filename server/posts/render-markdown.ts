import MarkdownIt, { type StateInline } from 'markdown-it'
import { piecesOf, type TextPiece } from '#server/posts/find-mentions.ts'
import { type MentionedAccount, renderPiece } from '#server/posts/render-text.ts'
import { sanitizeHtml } from '#server/posts/sanitize-html.ts'

/** Elements within elements that are looked into; what lies deeper stays as it was typed. */
const nestingMax = 20

/** What one rendering knows, and what it comes across. */
interface Rendering {
  found: TextPiece[]
  render(piece: TextPiece): string
}

interface Placed {
  start: number
  end: number
  piece: TextPiece
}

/** HTML stays text, a picture is a link to it, and lines of cells are no table: what one types is text and nothing to load. */
const markdown = new MarkdownIt({ html: false, linkify: false, breaks: true, maxNesting: nestingMax }).disable(['table', 'image'])

/** By the state of one paragraph: its links, mentions and hashtags, looked for once. */
const placedOf = new WeakMap<StateInline, Placed[]>()

markdown.inline.ruler.before('escape', 'piece', takePiece)
markdown.inline.ruler.at('text', takeText)

/**
 * Markdown typed by one of ours as sanitised HTML, a line break where one was typed. Bare links, mentions and hashtags are those of plain text, outside code and
 * links; a link whose words do not show where it leads is marked like one of elsewhere. Pure; `text` has been cleaned.
 */
export function renderMarkdown(text: string, mentions: ReadonlyMap<string, MentionedAccount>, origin: string): string {
  const rendering: Rendering = { found: [], render: (piece) => renderPiece(piece, mentions, origin) }
  const html = markdown.render(text, { rendering })
  return sanitizeHtml(html.replace(/(<br>|>)\n+(?=<|$)/g, '$1').replaceAll('<br>\n', '<br>'))
}

/** The links, mentions and hashtags that `renderMarkdown` shows. Pure. */
export function piecesOfMarkdown(text: string): TextPiece[] {
  const found: TextPiece[] = []
  markdown.render(text, { rendering: { found, render: () => '' } satisfies Rendering })
  return found
}

/** A link, mention or hashtag begins here. */
function takePiece(state: StateInline, isSilent: boolean): boolean {
  if (state.linkLevel > 0) return false
  const placed = piecesIn(state).find(({ start }) => start === state.pos)
  if (!placed || placed.end > state.posMax) return false
  if (!isSilent) {
    const { found, render } = (state.env as { rendering: Rendering }).rendering
    found.push(placed.piece)
    state.push('html_inline', '', 0).content = render(placed.piece)
  }
  state.pos = placed.end
  return true
}

/** Plain text goes on until something that may be marked up, or one of these pieces, begins. */
function takeText(state: StateInline, isSilent: boolean): boolean {
  const { src, pos, posMax } = state
  const nextPiece = state.linkLevel > 0 ? undefined : piecesIn(state).find(({ start }) => start >= pos)
  const stop = Math.min(posMax, nextPiece?.start ?? posMax)
  let end = pos
  while (end < stop && !isSpecial(src.charCodeAt(end))) end++
  if (end === pos) return false
  if (!isSilent) state.pending += src.slice(pos, end)
  state.pos = end
  return true
}

function piecesIn(state: StateInline): Placed[] {
  let placed = placedOf.get(state)
  if (!placed) {
    placed = []
    let at = 0
    for (const piece of piecesOf(state.src)) {
      const shown = piece.kind === 'link' ? withoutMarks(piece) : piece
      if (shown && shown.kind !== 'text') placed.push({ start: at, end: at + shown.text.length, piece: shown })
      at += piece.text.length
    }
    placedOf.set(state, placed)
  }
  return placed
}

/** What closes emphasis or strikes out is no part of the address before it. */
function withoutMarks(link: TextPiece & { kind: 'link' }): TextPiece | undefined {
  const text = link.text.replace(/[*_~`]+$/, '')
  const url = text === link.text ? link.url : URL.parse(text)?.href
  return url === undefined ? undefined : { kind: 'link', text, url }
}

/** ASCII punctuation and line ends: all that CommonMark gives a meaning within a paragraph. */
function isSpecial(code: number): boolean {
  return code === 0x0a || /[!-/:-@[-`{-~]/.test(String.fromCharCode(code))
}
