/** Changes with what `foldWords` makes of a text: what was indexed by other rules is indexed anew. */
export const foldRules = 1

/** In code points; what is longer is cut, alike in posts and in what is typed. */
const wordCharactersMax = 64
/** Letters that differ by more than a mark, yet are typed as their neighbours by whoever lacks the key. */
const likenesses: Record<string, string> = { ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', æ: 'ae', œ: 'oe', ħ: 'h', ı: 'i', ς: 'σ' }
const likeness = new RegExp(`[${Object.keys(likenesses).join('')}]`, 'gu')
/** Accents, Hebrew and Arabic vowel points and the Arabic stretcher; the vowel signs of Indic scripts are letters to their readers and stay. */
const accents = /[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]/gu
const apostrophes = /(?<=\p{L})['\u2019\u02bc](?=\p{L})/gu
/** Scripts that write without spaces between words, each run of which is cut into overlapping pairs. */
const unspaced = '\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}\\u30fc\\u3005'
const piece = new RegExp(`[${unspaced}][${unspaced}\\p{M}]*|(?:(?![${unspaced}])[\\p{L}\\p{N}\\p{M}])+|\\p{Extended_Pictographic}`, 'gu')
const han = /^\p{sc=Han}$/u
const isUnspaced = new RegExp(`^[${unspaced}]`, 'u')

/**
 * Cuts a text into the words it is found by, in order: compatibility forms, upper case and accents folded, apostrophes closed up, scripts without spaces
 * in pairs of characters, each emoji a word. The same for what stands in posts and for what is typed, on either database. Pure.
 */
export function foldWords(text: string): string[] {
  return (foldText(text).match(piece) ?? []).flatMap(cut)
}

/** The Han characters in folded words: one of them alone is a word to its readers, and stands in many pairs. Pure. */
export function hanOf(words: readonly string[]): string[] {
  return [...new Set(words.flatMap((word) => (isUnspaced.test(word) ? [...word].filter((character) => han.test(character)) : [])))]
}

/** Upper case first, then lower: that makes one of all the ways to write ß, ſ and their like. */
function foldText(text: string): string {
  const plain = text.normalize('NFKD').replace(accents, '').toUpperCase().toLowerCase()
  return plain
    .normalize('NFKD')
    .replace(accents, '')
    .replace(likeness, (letter) => likenesses[letter] ?? letter)
    .normalize('NFC')
    .replace(apostrophes, '')
}

/** Of a run of n characters the n - 1 pairs. */
function cut(word: string): string[] {
  const characters = [...word]
  if (!isUnspaced.test(word)) return [characters.slice(0, wordCharactersMax).join('')]
  if (characters.length === 1) return [word]
  return characters.slice(0, -1).map((character, at) => character + characters[at + 1])
}
