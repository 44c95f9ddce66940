import { LinkifyIt } from 'linkify-it'
import { normalizeHost } from '#server/platform/host-names.ts'

const nameCharactersMax = 64
const tagCharactersMax = 100
const linkCharactersMax = 2_048

const linkify = new LinkifyIt({ fuzzyLink: false, fuzzyEmail: false, maxLength: linkCharactersMax })
linkify.add('ftp:', null).add('mailto:', null).add('//', null)

/**
 * `@name` or `@name@host[:port]`, not inside a word, an address or a path. Only names elsewhere have dots and hyphens: without a host,
 * a dot ends the sentence.
 */
const mention = new RegExp(
  '(?<![\\p{L}\\p{N}\\p{M}_/@#.=-])@(?:' +
    `([a-zA-Z0-9_](?:[a-zA-Z0-9_.-]{0,${nameCharactersMax - 2}}[a-zA-Z0-9_])?)` +
    '@([\\p{L}\\p{N}](?:[\\p{L}\\p{N}\\p{M}.-]{0,250}[\\p{L}\\p{N}\\p{M}])?(?::\\d{2,5})?)' +
    `|([a-zA-Z0-9_]{1,${nameCharactersMax}}))(?![\\p{L}\\p{N}\\p{M}_@])`,
  'gu'
)
/** `#tag` of letters, marks, digits and underscores, not inside a word or an address. */
const tag = new RegExp(`(?<![\\p{L}\\p{N}\\p{M}_/&#@])#([\\p{L}\\p{N}\\p{M}_]{1,${tagCharactersMax}})(?![\\p{L}\\p{N}\\p{M}_#])`, 'gu')
const hasLetter = /[\p{L}\p{M}]/u
const tagShape = new RegExp(`^[\\p{L}\\p{N}\\p{M}_]{1,${tagCharactersMax}}$`, 'u')

/** A piece of typed text; pieces follow one another without gap and make up the whole. */
export type TextPiece =
  | { kind: 'text'; text: string }
  | { kind: 'link'; text: string; url: string }
  | { kind: 'mention'; text: string; name: string; host: string | undefined }
  | { kind: 'tag'; text: string; tag: string }

/** A mention as typed; `handle` is its key: lower-case name, and the normalised host when one was typed. */
export interface TypedMention {
  handle: string
  name: string
  host: string | undefined
}

/** The mentions in a text, each once, in order. Pure. */
export function findMentions(text: string): TypedMention[] {
  return mentionsIn(piecesOf(text))
}

/** The same in a text that was cut into pieces. Pure. */
export function mentionsIn(pieces: readonly TextPiece[]): TypedMention[] {
  const found = new Map<string, TypedMention>()
  for (const piece of pieces) {
    if (piece.kind !== 'mention') continue
    const handle = handleKey(piece.name, piece.host)
    if (!found.has(handle)) found.set(handle, { handle, name: piece.name, host: piece.host })
  }
  return [...found.values()]
}

/** The hashtags in a text as keys (see tagKey), each once, in order. Pure. */
export function findTags(text: string): string[] {
  return tagsIn(piecesOf(text))
}

/** The same in a text that was cut into pieces. Pure. */
export function tagsIn(pieces: readonly TextPiece[]): string[] {
  return [...new Set(pieces.flatMap((piece) => (piece.kind === 'tag' ? [tagKey(piece.tag)] : [])))]
}

/** The form under which tags are stored and compared: compatibility forms folded, lower case, no hash sign; '' when it is no tag. */
export function tagKey(typed: string): string {
  const key = typed
    .replace(/^[#＃]/u, '')
    .normalize('NFKC')
    .toLowerCase()
  return tagShape.test(key) && hasLetter.test(key) ? key : ''
}

export function handleKey(name: string, host: string | undefined): string {
  return host === undefined ? name.toLowerCase() : `${name.toLowerCase()}@${host}`
}

/** Cuts typed text into plain text, http(s) links, mentions and hashtags. What lies inside a link is neither mention nor tag. Pure. */
export function piecesOf(text: string): TextPiece[] {
  const pieces: TextPiece[] = []
  let end = 0
  for (const link of linkify.match(text) ?? []) {
    const url = URL.parse(link.url)
    if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) continue
    pieces.push(...wordsOf(text, end, link.index), { kind: 'link', text: link.raw, url: url.href })
    end = link.lastIndex
  }
  pieces.push(...wordsOf(text, end, text.length))
  return pieces
}

function wordsOf(text: string, from: number, to: number): TextPiece[] {
  const pieces: TextPiece[] = []
  let end = from
  for (const piece of [...matchesOf(mention, text, from, to, toMention), ...matchesOf(tag, text, from, to, toTag)].sort(
    (a, b) => a.at - b.at
  )) {
    if (piece.at < end) continue
    if (piece.at > end) pieces.push({ kind: 'text', text: text.slice(end, piece.at) })
    pieces.push(piece.piece)
    end = piece.at + piece.piece.text.length
  }
  if (to > end) pieces.push({ kind: 'text', text: text.slice(end, to) })
  return pieces
}

interface Placed {
  at: number
  piece: TextPiece
}

function matchesOf(
  pattern: RegExp,
  text: string,
  from: number,
  to: number,
  toPiece: (match: RegExpMatchArray) => TextPiece | undefined
): Placed[] {
  const part = text.slice(from, to)
  return [...part.matchAll(pattern)].flatMap((match) => {
    const piece = toPiece(match)
    return piece ? [{ at: from + match.index, piece }] : []
  })
}

function toMention(match: RegExpMatchArray): TextPiece | undefined {
  const host = match[2] === undefined ? undefined : normalizeHost(match[2])
  if (match[2] !== undefined && host === undefined) return undefined
  return { kind: 'mention', text: match[0], name: match[1] ?? match[3] ?? '', host }
}

function toTag(match: RegExpMatchArray): TextPiece | undefined {
  const typed = match[1] ?? ''
  return tagKey(typed) === '' ? undefined : { kind: 'tag', text: match[0], tag: typed }
}
