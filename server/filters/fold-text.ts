const isAscii = /^[\0-\x7f]*$/
const ignorable = /\p{Default_Ignorable_Code_Point}+/gu
const whiteSpace = /\s+/gu
const wordCharacter = /[\p{L}\p{M}\p{N}_]/u
const mark = /\p{M}/u
/** Scripts that write their words without spaces between them. */
const spaceless =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}\p{scx=Bopo}\p{scx=Yiii}]/u

/**
 * A text as filters compare it: compatible forms and cases made one (Unicode NFKC and full case folding, by way of the upper case, so that ß is ss and
 * ς is σ), nothing that does not show (zero-width characters, variation selectors), one space for any white space.
 */
export function foldText(text: string): string {
  if (isAscii.test(text)) return text.toLowerCase().replace(whiteSpace, ' ')
  const folded = text.normalize('NFKC').replace(ignorable, '').toUpperCase().toLowerCase().replaceAll('ς', 'σ')
  return folded.normalize('NFKC').replace(whiteSpace, ' ')
}

/**
 * Whether a word may begin or end at a place (UTF-16 units) of a folded text. An end that is no letter, number or mark (`#`, `:)`) needs nothing beside it.
 * Between letters of a script without spaces any place may end a word; a mark belongs to what it stands on.
 */
export function isWordEdge(text: string, at: number): boolean {
  return isBoundary(characterBefore(text, at), characterAt(text, at))
}

function isBoundary(before: string, after: string): boolean {
  if (before === '' || after === '' || !wordCharacter.test(before) || !wordCharacter.test(after)) return true
  return (spaceless.test(before) || spaceless.test(after)) && !mark.test(after)
}

function characterAt(text: string, at: number): string {
  const code = text.codePointAt(at)
  return code === undefined ? '' : String.fromCodePoint(code)
}

function characterBefore(text: string, at: number): string {
  if (at === 0) return ''
  const isPair = at > 1 && (text.charCodeAt(at - 1) & 0xfc00) === 0xdc00 && (text.charCodeAt(at - 2) & 0xfc00) === 0xd800
  return text.slice(isPair ? at - 2 : at - 1, at)
}
