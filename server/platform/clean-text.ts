/** Longest text we take anywhere, in code points, unless the caller says less. */
const textCharactersMax = 100_000
const nameCharactersMax = 100
/** Marks upon one letter; Vietnamese, Hebrew and Thai need up to four. */
const marksPerLetterMax = 4

/** Nothing in such a text is looked for below: most are ASCII throughout. */
const harmless = /^[\n\t -~]*$/
/** NUL and the other control characters, except line feed and tab: databases refuse the first, terminals obey the rest. */
const controls = /[\p{Cc}\u2028\u2029]/gu
const loneSurrogates = /\p{Surrogate}/gu
/** Embeddings, overrides and isolates, and the marks that turn direction: they rewrite what stands beside them. */
const directionControls = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu
/** Takes no space, or stands for nothing: zero-width space, word joiner, soft hyphen, fillers, interlinear marks, object replacement. */
const invisible =
  /[\u00ad\u115f\u1160\u180e\u200b\u2060-\u2065\u206a-\u206f\u2800\u3164\ufeff\uffa0\ufff0-\ufffc]|\u034f|\u17b4|\u17b5|\u180b|\u180c|\u180d|\u180f/gu
/** Letters that only name the region of a flag; no flag has more than a few, and to look back further would cost a long row of them its square. */
const tagCharacters = /(?<!\u{1f3f4}[\u{e0020}-\u{e007f}]{0,16})[\u{e0000}-\u{e0fff}]/gu
/** Joiners belong between emoji, and between letters of scripts whose letters join; anywhere else they only deceive. */
const joiningScripts =
  '\\p{scx=Arab}\\p{scx=Syrc}\\p{scx=Mong}\\p{scx=Deva}\\p{scx=Beng}\\p{scx=Gujr}\\p{scx=Guru}\\p{scx=Knda}\\p{scx=Mlym}\\p{scx=Orya}\\p{scx=Sinh}\\p{scx=Taml}\\p{scx=Telu}\\p{scx=Khmr}\\p{scx=Tibt}'
const joinerInScript = new RegExp(`(?<=[${joiningScripts}])[\\u200c\\u200d](?=[${joiningScripts}])`, 'u')
const pictureBefore = /(?:[\p{Extended_Pictographic}\p{Emoji_Modifier}]|\ufe0f)$/u
const pictureAfter = /^\p{Extended_Pictographic}/u
const tooManyMarks = new RegExp(`(\\p{M}{${marksPerLetterMax}})\\p{M}+`, 'gu')

/**
 * Text from a person or a peer as we keep it: line ends become line feeds; NUL, lone surrogates and control characters are gone
 * (line feed and tab stay); cut after `charactersMax` code points.
 */
export function cleanText(text: string, charactersMax = textCharactersMax): string {
  // A code point takes one or two units, so that what lies beyond twice the limit need not be looked at.
  const near = text.slice(0, charactersMax * 2)
  if (harmless.test(near)) return cutCharacters(near, charactersMax)
  const plain = near.replace(/\r\n?/g, '\n').replace(controls, keepLayout).replace(loneSurrogates, '')
  return cutCharacters(plain, charactersMax)
}

/**
 * A name (of a person, a profile field, a title) that cannot disturb what stands beside it: one line, white space joined, direction controls,
 * zero-width and filler characters gone, marks on one letter capped, cut after `charactersMax` code points. Emoji sequences and scripts
 * that need joiners stay whole.
 */
export function cleanName(name: string, charactersMax = nameCharactersMax): string {
  const text = cleanText(name, charactersMax * 8)
  const plain = (harmless.test(text) ? text : withoutDeception(text)).replace(/\s+/gu, ' ').trim()
  return cutCharacters(plain, charactersMax).trimEnd()
}

function withoutDeception(text: string): string {
  return text
    .normalize('NFC')
    .replace(directionControls, '')
    .replace(invisible, '')
    .replace(tagCharacters, '')
    .replace(/[\u200c\u200d]/gu, keepJoiner)
    .replace(tooManyMarks, '$1')
}

/** Without the characters that turn the direction of what follows them: for text that is shown among other text. */
export function withoutDirectionControls(text: string): string {
  return text.replace(directionControls, '')
}

/** Length in code points: what a person counts as characters, but for emoji made of several. */
export function countCharacters(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}

/** At most `charactersMax` code points from the start, never half of one. */
export function cutCharacters(text: string, charactersMax: number): string {
  if (text.length <= charactersMax) return text
  let count = 0
  let end = 0
  for (const character of text) {
    if (++count > charactersMax) return text.slice(0, end)
    end += character.length
  }
  return text
}

function keepLayout(control: string): string {
  if (control === '\n' || control === '\t') return control
  return control === '\u2028' || control === '\u2029' ? '\n' : ''
}

function keepJoiner(joiner: string, at: number, whole: string): string {
  const around = whole.slice(Math.max(at - 2, 0), at + 3)
  if (joinerInScript.test(around)) return joiner
  const isBetweenPictures =
    joiner === '\u200d' && pictureBefore.test(whole.slice(Math.max(at - 3, 0), at)) && pictureAfter.test(whole.slice(at + 1, at + 3))
  return isBetweenPictures ? joiner : ''
}
