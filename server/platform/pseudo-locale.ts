import type { IntlMessageFormat } from 'intl-messageformat'

export type MessageElements = ReturnType<IntlMessageFormat['getAst']>

/** The brackets round every message of the pseudo-locale: text outside them did not come from the catalogue. */
export const pseudoOpen = '⟦'
export const pseudoClose = '⟧'

const growth = 0.4
const plain = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
const accented = 'áƀçđéƒĝĥíĵķļɱñóþɋŕšţúṽŵẋýžÁƁÇĐÉƑĜĤÍĴĶĻṀÑÓÞɊŔŠŢÚṼŴẊÝŽ'
const accents = new Map([...plain].map((letter, index) => [letter, [...accented][index]!]))

/**
 * A parsed ICU message with its words accented, its length grown by 40 % and brackets around it; placeholders, plural and select
 * branches stay as they are. Returns new elements.
 */
export function toPseudo(elements: MessageElements): MessageElements {
  const padding = '~'.repeat(Math.ceil(literalLength(elements) * growth))
  return [{ type: 0, value: pseudoOpen }, ...accentElements(elements), { type: 0, value: `${padding}${pseudoClose}` }] as MessageElements
}

/** The same for finished text, used for sample data in tests. */
export function toPseudoText(text: string): string {
  return `${pseudoOpen}${accent(text)}${'~'.repeat(Math.ceil(text.length * growth))}${pseudoClose}`
}

function accentElements(elements: MessageElements): MessageElements {
  return elements.map((element) => {
    if (element.type === 0) return { ...element, value: accent(element.value) }
    if ('options' in element && element.options) {
      const options = Object.entries(element.options as Record<string, { value: MessageElements }>)
      return {
        ...element,
        options: Object.fromEntries(options.map(([name, option]) => [name, { ...option, value: accentElements(option.value) }]))
      }
    }
    return element
  }) as MessageElements
}

/** Length of the words; of several branches the longest counts. */
function literalLength(elements: MessageElements): number {
  let length = 0
  for (const element of elements) {
    if (element.type === 0) length += element.value.length
    else if ('options' in element && element.options) {
      const options = Object.values(element.options as Record<string, { value: MessageElements }>)
      length += Math.max(...options.map((option) => literalLength(option.value)))
    }
  }
  return length
}

function accent(text: string): string {
  return [...text].map((letter) => accents.get(letter) ?? letter).join('')
}
