import type { FilterAction, FilterPlace } from '#db/schema/filters.ts'
import { foldText, isWordEdge } from '#server/filters/fold-text.ts'

/** What a filter is made of, as far as it matters for finding. */
export interface FilterRule {
  title: string
  action: FilterAction
  places: readonly FilterPlace[]
  /** Ms since 1970; null never ends. */
  expiresAt: number | null
  keywords: readonly { keyword: string; isWholeWord: boolean }[]
  postIds: readonly number[]
}

/** What filters say of a post: the hardest of their actions, and the titles of those that say it. */
export interface Verdict {
  action: FilterAction
  titles: string[]
}

export interface CompiledFilters {
  /** Whether any filter may leave posts out in a place at a moment. */
  mayHide(place: FilterPlace, now: number): boolean
  /** Asks the filters of a place, at a moment, about a post and what it says (in one text, as it is shown). Undefined when none finds it. */
  judge(postId: number, text: () => string, place: FilterPlace, now: number): Verdict | undefined
}

interface Keyword {
  text: string
  isWholeWord: boolean
  filter: FilterRule
  /** The longest other one in its place of the table with which this one begins: what begins with this one begins with that one. */
  within: Keyword | undefined
}

/** Places of the table of beginnings, a power of two. */
const slots = 4_096
/** UTF-16 units of a text that are looked at: a long article is judged by its beginning. */
const judgedUnitsMax = 50_000
const hardness: Record<FilterAction, number> = { blur: 1, warn: 2, hide: 3 }

/**
 * Makes filters quick to ask: keywords stand in a table by their first two characters, so that a text is gone through once however many there are, and
 * only what begins alike is compared. What begins alike is sorted: the one nearest to a place in the text, and those within it, are all that may stand there,
 * so that thousands of keywords that hardly differ cost little more than one.
 */
export function compileFilters(rules: readonly FilterRule[]): CompiledFilters {
  const table: (Keyword[] | undefined)[] = Array.from({ length: slots }, () => undefined)
  const ones: (Keyword[] | undefined)[] = Array.from({ length: slots }, () => undefined)
  let hasOnes = false
  for (const filter of rules) {
    for (const { keyword, isWholeWord } of filter.keywords) {
      const text = foldText(keyword).trim()
      if (text === '') continue
      hasOnes ||= text.length === 1
      const [of, slot] =
        text.length === 1 ? [ones, text.charCodeAt(0) & (slots - 1)] : [table, slotOf(text.charCodeAt(0), text.charCodeAt(1))]
      const compiled: Keyword = { text, isWholeWord, filter, within: undefined }
      const known = of[slot]
      if (known) known.push(compiled)
      else of[slot] = [compiled]
    }
  }
  for (const keywords of [...table, ...ones]) if (keywords) nest(keywords)

  function find(text: string, asked: ReadonlySet<FilterRule>): Set<FilterRule> {
    const found = new Set<FilterRule>()
    let code = text.charCodeAt(0)
    for (let at = 0; at < text.length; at++) {
      // Beyond the end there is no number, and arithmetic with what is none is slow.
      const next = at + 1 < text.length ? text.charCodeAt(at + 1) : 0
      const begun = table[slotOf(code, next)]
      if (begun) compare(text, at, begun, asked, found)
      const alone = hasOnes ? ones[code & (slots - 1)] : undefined
      if (alone) compare(text, at, alone, asked, found)
      code = next
    }
    return found
  }

  return {
    mayHide: (place, now) => rules.some((filter) => filter.action === 'hide' && isAtWork(filter, place, now)),
    judge(postId, text, place, now) {
      const asked = new Set(rules.filter((filter) => isAtWork(filter, place, now)))
      if (asked.size === 0) return undefined
      const found = find(foldText(text()).slice(0, judgedUnitsMax), asked)
      for (const filter of asked) if (filter.postIds.includes(postId)) found.add(filter)
      return verdictOf(rules.filter((filter) => found.has(filter)))
    }
  }
}

function isAtWork({ places, expiresAt }: FilterRule, place: FilterPlace, now: number): boolean {
  return places.includes(place) && (expiresAt === null || expiresAt > now)
}

/** Sorts keywords by their UTF-16 units, and notes of each which other it begins with. */
function nest(keywords: Keyword[]): void {
  keywords.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
  let before: Keyword | undefined
  for (const keyword of keywords) {
    while (before && !keyword.text.startsWith(before.text)) before = before.within
    keyword.within = before
    before = keyword
  }
}

function compare(text: string, at: number, keywords: readonly Keyword[], asked: ReadonlySet<FilterRule>, found: Set<FilterRule>): void {
  const nearest = findNearest(text, at, keywords)
  let keyword = nearest
  // What is not all there may begin with one that is.
  while (keyword && !text.startsWith(keyword.text, at)) keyword = keyword.within
  let isStart: boolean | undefined
  for (; keyword; keyword = keyword.within) {
    if (found.has(keyword.filter) || !asked.has(keyword.filter)) continue
    if (keyword.isWholeWord && !((isStart ??= isWordEdge(text, at)) && isWordEdge(text, at + keyword.text.length))) continue
    found.add(keyword.filter)
  }
}

/** Of sorted keywords the last one that stands, in their order, not behind the text from a place on; undefined when all do. */
function findNearest(text: string, at: number, keywords: readonly Keyword[]): Keyword | undefined {
  let [low, high] = [0, keywords.length]
  // Units that the neighbours on either side share with the text: all between them share as many.
  let [sharedLow, sharedHigh] = [0, 0]
  while (low < high) {
    const middle = (low + high) >> 1
    const { text: word } = keywords[middle]!
    let shared = Math.min(sharedLow, sharedHigh)
    while (shared < word.length && at + shared < text.length && word.charCodeAt(shared) === text.charCodeAt(at + shared)) shared++
    const isBehind = shared < word.length && (at + shared >= text.length || word.charCodeAt(shared) > text.charCodeAt(at + shared))
    if (isBehind) [high, sharedHigh] = [middle, shared]
    else [low, sharedLow] = [middle + 1, shared]
  }
  return keywords[low - 1]
}

function slotOf(first: number, second: number): number {
  return (first * 31 + second) & (slots - 1)
}

function verdictOf(found: readonly FilterRule[]): Verdict | undefined {
  if (found.length === 0) return undefined
  const action = found.map((filter) => filter.action).reduce((a, b) => (hardness[b] > hardness[a] ? b : a))
  return { action, titles: found.filter((filter) => filter.action === action).map(({ title }) => title) }
}
