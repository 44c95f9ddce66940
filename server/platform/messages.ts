import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { IntlMessageFormat } from 'intl-messageformat'
import { type MessageElements, toPseudo } from '#server/platform/pseudo-locale.ts'

/** Language of the pseudo-locale: English with accents, 40 % longer and in brackets, made in code to find words that bypass the catalogue. */
export const pseudoLanguage = 'en-XA'

export type MessageValues = Record<string, string | number | boolean>

/**
 * One message of the catalogue as finished plain text. Values are not escaped: whoever puts the text into HTML does that (templates do).
 * Moments come as finished text (`toTimeView`), never as ICU dates: `timeZone` is carried along for that.
 */
export interface Translate {
  (key: string, values?: MessageValues): string
  /** BCP 47 of the words it returns. */
  readonly language: string
  /** IANA zone of the reader, e.g. `Europe/Oslo`. */
  readonly timeZone: string
}

export interface Messages {
  /** Languages that have a file, the default one first; the pseudo-locale is not listed. */
  languages: string[]
  /** An unknown language falls back to its base language, then to the default. */
  translator(language: string, options: { timeZone: string }): Translate
  has(key: string): boolean
  /** The messages of an area (`script`) as they are written, by their key, for whoever fills them elsewhere; a language falls back as above. */
  area(language: string, name: string): Record<string, string>
}

interface MessagesOptions {
  /** Folder of `<language>.json` files: flat objects from `area.name` to an ICU message. */
  dir: string
  defaultLanguage: string
  /** In strict mode (tests, development) an unknown key or a missing value throws; else the key stands for itself. */
  isStrict: boolean
}

type Catalogue = Map<string, string>
type Compiled = string | IntlMessageFormat | Filled | Counted
/** A message with nothing to decide, words and names of values in turn: put together by hand in a fiftieth of the time. */
type Filled = { parts: (string | { name: string })[]; whole: IntlMessageFormat }
/** A message of a single number, and what it says of small ones: "3 replies" is said over and over. */
type Counted = { name: string; said: string[]; whole: IntlMessageFormat }
/** Numbers below this are remembered with their message. */
const countsMax = 1_000

/** Reads all catalogues once; a file that is not valid JSON, or a message that is not valid ICU, stops the start. */
export function createMessages({ dir, defaultLanguage, isStrict }: MessagesOptions): Messages {
  const catalogues = readCatalogues(dir)
  const fallback = catalogues.get(defaultLanguage)
  if (!fallback) throw new Error(`There is no catalogue of messages for the default language "${defaultLanguage}" in ${dir}.`)
  const compiledByLanguage = new Map<string, Map<string, Compiled>>()

  function compiledOf(language: string): Map<string, Compiled> {
    let compiled = compiledByLanguage.get(language)
    if (!compiled) {
      compiled = language === pseudoLanguage ? compilePseudo(fallback!) : compileCatalogue(language, catalogues.get(language)!)
      compiledByLanguage.set(language, compiled)
    }
    return compiled
  }

  for (const language of catalogues.keys()) compiledOf(language)

  return {
    languages: [defaultLanguage, ...[...catalogues.keys()].filter((language) => language !== defaultLanguage).sort()],
    has: (key) => fallback.has(key),
    area(language, name) {
      const known = catalogues.get(knownLanguage(language, catalogues, defaultLanguage))
      return Object.fromEntries(
        [...fallback].flatMap(([key, text]) => (key.startsWith(`${name}.`) ? [[key, known?.get(key) ?? text]] : []))
      )
    },
    translator(language, { timeZone }) {
      const known = knownLanguage(language, catalogues, defaultLanguage)
      const compiled = compiledOf(known)
      const spare = compiledOf(defaultLanguage)
      const translate = (key: string, values?: MessageValues): string => {
        const message = compiled.get(key) ?? spare.get(key)
        if (message === undefined) {
          if (isStrict) throw new Error(`The catalogue has no message "${key}".`)
          return key
        }
        if (typeof message === 'string') return message
        if ('parts' in message) return fill(message, values) ?? format(message.whole, key, values, isStrict)
        if ('said' in message) return count(message, values, () => format(message.whole, key, values, isStrict))
        return format(message, key, values, isStrict)
      }
      return Object.freeze(Object.assign(translate, { language: known, timeZone }))
    }
  }
}

function readCatalogues(dir: string): Map<string, Catalogue> {
  const files = readdirSync(dir)
    .filter((file) => file.endsWith('.json'))
    .sort()
  return new Map(files.map((file) => [file.slice(0, -'.json'.length), readCatalogue(join(dir, file))]))
}

function readCatalogue(path: string): Catalogue {
  const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'))
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed)) throw new Error(`${path} must be one flat object.`)
  const catalogue: Catalogue = new Map()
  for (const [key, message] of Object.entries(parsed)) {
    if (typeof message !== 'string') throw new Error(`The message "${key}" in ${path} must be a string.`)
    catalogue.set(key, message)
  }
  return catalogue
}

function compileCatalogue(language: string, catalogue: Catalogue): Map<string, Compiled> {
  return new Map([...catalogue].map(([key, message]) => [key, compile(message, language, key)]))
}

function compilePseudo(catalogue: Catalogue): Map<string, Compiled> {
  return new Map(
    [...catalogue].map(([key, message]) => {
      const parsed = compile(message, 'en', key)
      const elements = parsed instanceof IntlMessageFormat ? parsed.getAst() : IntlMessageFormat.__parse!(message, { ignoreTag: true })
      return [key, new IntlMessageFormat(toPseudo(elements), 'en')]
    })
  )
}

/** A message without placeholders becomes a plain string, which is most of them. */
function compile(message: string, language: string, key: string): Compiled {
  try {
    const compiled = new IntlMessageFormat(message, language, undefined, { ignoreTag: true })
    const elements = compiled.getAst()
    if (elements.every((element) => element.type === 0)) return String(compiled.format())
    const parts = elements.flatMap((element) => (element.type === 0 ? element.value : element.type === 1 ? { name: element.value } : []))
    if (parts.length === elements.length) return { parts, whole: compiled }
    const [name, ...others] = namesIn(elements)
    return name !== undefined && others.length === 0 ? { name, said: [], whole: compiled } : compiled
  } catch (error) {
    throw new Error(`The message "${key}" (${language}) is not valid ICU: ${(error as Error).message}`, { cause: error })
  }
}

/** Undefined where a value is missing or is no text: the library says what then. */
function fill({ parts }: Filled, values: MessageValues | undefined): string | undefined {
  let text = ''
  for (const part of parts) {
    if (typeof part === 'string') {
      text += part
      continue
    }
    const value = values?.[part.name]
    if (typeof value !== 'string') return undefined
    text += value
  }
  return text
}

/** The names of the values that a message is given, each once. */
function namesIn(elements: MessageElements): Set<string> {
  const names = new Set<string>()
  for (const element of elements) {
    // Literals say themselves, and a pound sign the number around it.
    if (element.type !== 0 && element.type !== 7) names.add(element.value)
    if (!('options' in element)) continue
    for (const { value } of Object.values(element.options)) for (const name of namesIn(value)) names.add(name)
  }
  return names
}

function count({ name, said }: Counted, values: MessageValues | undefined, say: () => string): string {
  const number = values?.[name]
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 0 || number >= countsMax) return say()
  return (said[number] ??= say())
}

function format(message: IntlMessageFormat, key: string, values: MessageValues | undefined, isStrict: boolean): string {
  if (isStrict && values) {
    const missing = Object.keys(values).find((name) => values[name] === undefined || values[name] === null)
    if (missing !== undefined) throw new Error(`The message "${key}" was given no value for "${missing}".`)
  }
  try {
    return String(message.format(values))
  } catch (error) {
    if (isStrict) throw new Error(`The message "${key}" cannot be filled: ${(error as Error).message}`, { cause: error })
    return key
  }
}

function knownLanguage(language: string, catalogues: Map<string, Catalogue>, defaultLanguage: string): string {
  if (language === pseudoLanguage || catalogues.has(language)) return language
  const base = language.split('-', 1)[0]!
  return catalogues.has(base) ? base : defaultLanguage
}
