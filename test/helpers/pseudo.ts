import { pseudoClose, pseudoOpen } from '#server/platform/pseudo-locale.ts'

/** What stands outside the brackets of the pseudo-locale, which may be nested: text that did not come from the catalogue. */
export function outsideBrackets(text: string): string {
  let depth = 0
  let outside = ''
  for (const character of text) {
    if (character === pseudoOpen) depth++
    else if (character === pseudoClose) depth--
    else if (depth === 0) outside += character
  }
  return outside
}

/** Lists that Intl makes, of zones and languages. */
export const intlLists = /<select id="[^"]*" name="(?:timeZone|language)"[\s\S]*?<\/select>/g

/** People's words as tests write them: in brackets too, so that what is left outside is nobody's. */
export function inBrackets(text: string): string {
  return `${pseudoOpen}${text}${pseudoClose}`
}
