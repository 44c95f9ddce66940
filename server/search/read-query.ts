import { foldWords, hanOf } from '#server/search/fold.ts'
import { type Nature, natures, type Possession, possessions } from '#server/search/marks.ts'
import { tagKey } from '#server/posts/find-mentions.ts'

/** Words, phrases and operators in one search; what is more is refused, since each costs. */
const partsMax = 16
/** Years that a date may name. */
const years = { first: 1990, last: 2100 }

export const libraries = ['library', 'bookmarks', 'favourites'] as const
export type Library = (typeof libraries)[number]

/** A day of the calendar, as it was typed. */
export interface Day {
  year: number
  month: number
  day: number
}

/** What is looked for, in the order typed. Handles and days are not yet looked up. */
export interface PostQuery {
  words: { typed: string; phrases: string[][]; isBeginning: boolean; isExcluded: boolean }[]
  tags: { tag: string; isExcluded: boolean }[]
  from: { handle: string; isExcluded: boolean }[]
  features: { feature: Possession | Nature; isExcluded: boolean }[]
  library: Library | undefined
  before: Day | undefined
  after: Day | undefined
  on: Day | undefined
}

/** Why a part of what was typed cannot be understood: key of the sentence, and its values. */
export interface QueryFault {
  key: string
  values: Record<string, string | number>
}

const part = /(-?)(?:([a-z]+):("[^"]*"?|\S*)|"([^"]*)"?|(\S+))/giu
const operators = ['from', 'has', 'is', 'in', 'before', 'after', 'on'] as const
type Operator = (typeof operators)[number]
/** Operators of other search fields, by what they are called here. */
const otherNames: Record<string, Operator> = { by: 'from', since: 'after', until: 'before', during: 'on' }

/**
 * Reads what was typed into a search field: words, "phrases", -excluded, begin*, #tags and operators (from:, has:, is:, in:, before:, after:, on:).
 * What looks like an operator and is none is a word, but for a value that an operator does not know, or a search of nothing but exclusions. Pure.
 */
export function readQuery(typed: string): PostQuery | QueryFault {
  const query: PostQuery = {
    words: [],
    tags: [],
    from: [],
    features: [],
    library: undefined,
    before: undefined,
    after: undefined,
    on: undefined
  }
  const all = typed
    .normalize('NFC')
    .replace(/[“”„«»]/gu, '"')
    .matchAll(part)
  // What is typed twice asks nothing more.
  const parts = [...new Map([...all].map((each) => [each[0], each])).values()]
  if (parts.length > partsMax) return { key: 'search.tooManyParts', values: { limit: partsMax } }
  for (const [whole, minus, name, given, phrase, word] of parts) {
    const isExcluded = minus === '-'
    const operator = name === undefined ? undefined : operatorOf(name)
    const value = (given ?? '').replaceAll('"', '').trim()
    const fault =
      operator !== undefined
        ? addOperator(query, operator, value, isExcluded, whole)
        : void addWord(query, phrase ?? word ?? `${name ?? ''}:${given ?? ''}`, { isPhrase: phrase !== undefined, isExcluded })
    if (fault) return fault
  }
  return query
}

/** Whether anything is asked for at all; exclusions alone ask for nothing. Pure. */
export function asksForPosts({ words, tags, from, features, library, before, after, on }: PostQuery): boolean {
  const isWanted = [...words, ...tags, ...from, ...features].some(({ isExcluded }) => !isExcluded)
  return isWanted || library !== undefined || before !== undefined || after !== undefined || on !== undefined
}

/** Whether more than words stand in it: then people and tags are not looked for. Pure. */
export function hasOperators({ words, from, features, library, before, after, on }: PostQuery): boolean {
  const isNarrowed = from.length + features.length > 0 || words.some(({ isExcluded }) => isExcluded)
  return isNarrowed || library !== undefined || before !== undefined || after !== undefined || on !== undefined
}

function operatorOf(name: string): Operator | undefined {
  const key = name.toLowerCase()
  return (operators as readonly string[]).includes(key) ? (key as Operator) : otherNames[key]
}

function addWord(query: PostQuery, typed: string, { isPhrase, isExcluded }: { isPhrase: boolean; isExcluded: boolean }): void {
  const tag = isPhrase || !/^[#＃]/u.test(typed) ? '' : tagKey(typed)
  if (tag !== '') {
    query.tags.push({ tag, isExcluded })
    return
  }
  const isBeginning = !isPhrase && /\p{L}\*$/u.test(typed)
  const words = foldWords(typed)
  const [lone] = words.length === 1 && [...words[0]!].length === 1 ? hanOf(words) : []
  if (words.length > 0) query.words.push({ typed, phrases: lone === undefined ? [words] : [[`=c:${lone}`]], isBeginning, isExcluded })
}

function addOperator(query: PostQuery, operator: Operator, value: string, isExcluded: boolean, whole: string): QueryFault | undefined {
  const typed = { typed: whole.slice(0, 60) }
  if (value === '') return { key: `search.fault-${operator}`, values: typed }
  if (operator === 'from') {
    query.from.push({ handle: value.replace(/^@/, ''), isExcluded })
    return undefined
  }
  if (operator === 'has' || operator === 'is') {
    const known: readonly string[] = operator === 'has' ? possessions : natures
    const feature = known.find((name) => name === singular(value))
    if (feature === undefined) return { key: `search.fault-${operator}`, values: typed }
    query.features.push({ feature: feature as Possession | Nature, isExcluded })
    return undefined
  }
  if (isExcluded) return { key: 'search.faultExcluded', values: typed }
  if (operator === 'in') {
    const library = libraries.find((name) => name === value.toLowerCase() || name === `${value.toLowerCase()}s`)
    if (!library) return { key: 'search.fault-in', values: typed }
    query.library = library
    return undefined
  }
  const day = readDay(value)
  if (!day) return { key: `search.fault-${operator}`, values: typed }
  query[operator] = day
  return undefined
}

/** `images` means `image`, `media` is what holds pictures, and a warning has two names. */
function singular(value: string): string {
  const key = value.toLowerCase()
  const others: Record<string, string> = { media: 'image', picture: 'image', photo: 'image', warning: 'cw', replies: 'reply' }
  const single = key.replace(/s$/, '')
  return others[key] ?? others[single] ?? single
}

/** `2026-11-23`, `2026-11` or `2026`: a month or year stands for its first day. Undefined for what is no day. Pure. */
function readDay(value: string): Day | undefined {
  const [, year, month, day] = /^(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?$/.exec(value) ?? []
  if (year === undefined) return undefined
  const read = { year: Number(year), month: Number(month ?? 1), day: Number(day ?? 1) }
  const date = new Date(Date.UTC(read.year, read.month - 1, read.day))
  const isReal = date.getUTCMonth() === read.month - 1 && date.getUTCDate() === read.day
  return isReal && read.year >= years.first && read.year <= years.last ? read : undefined
}
