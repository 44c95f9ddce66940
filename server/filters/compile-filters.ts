import type { FilterAction, FilterPlace } from '#db/schema/filters.ts'
import { foldText, isWholeWord } from '#server/filters/fold-text.ts'

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
  /** Its third UTF-16 unit, if it has one. */
  third: number | undefined
  isWholeWord: boolean
  filter: FilterRule
}

/** Places of the table of beginnings, a power of two. */
const slots = 4_096
const hardness: Record<FilterAction, number> = { blur: 1, warn: 2, hide: 3 }

/**
 * Makes filters quick to ask: keywords stand in a table by their first two characters, so that a text is gone through once however many there are, and
 * only what begins alike is compared.
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
      const compiled = { text, third: text.length > 2 ? text.charCodeAt(2) : undefined, isWholeWord, filter }
      const known = of[slot]
      if (known) known.push(compiled)
      else of[slot] = [compiled]
    }
  }

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
      const found = find(foldText(text()), asked)
      for (const filter of asked) if (filter.postIds.includes(postId)) found.add(filter)
      return verdictOf(rules.filter((filter) => found.has(filter)))
    }
  }
}

function isAtWork({ places, expiresAt }: FilterRule, place: FilterPlace, now: number): boolean {
  return places.includes(place) && (expiresAt === null || expiresAt > now)
}

function compare(text: string, at: number, keywords: readonly Keyword[], asked: ReadonlySet<FilterRule>, found: Set<FilterRule>): void {
  const third = at + 2 < text.length ? text.charCodeAt(at + 2) : 0
  for (const keyword of keywords) {
    // Nearly all that begin alike part here.
    if (keyword.third !== undefined && keyword.third !== third) continue
    if (!text.startsWith(keyword.text, at) || found.has(keyword.filter) || !asked.has(keyword.filter)) continue
    if (!keyword.isWholeWord || isWholeWord(text, at, at + keyword.text.length)) found.add(keyword.filter)
  }
}

function slotOf(first: number, second: number): number {
  return (first * 31 + second) & (slots - 1)
}

function verdictOf(found: readonly FilterRule[]): Verdict | undefined {
  if (found.length === 0) return undefined
  const action = found.map((filter) => filter.action).reduce((a, b) => (hardness[b] > hardness[a] ? b : a))
  return { action, titles: found.filter((filter) => filter.action === action).map(({ title }) => title) }
}
