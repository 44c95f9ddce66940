import type { FilterAction, FilterPlace } from '#db/schema/filters.ts'
import { Refusal } from '#server/errors.ts'
import { filterActions, filterLimits, filterPlaces } from '#server/filters/limits.ts'
import { foldText } from '#server/filters/fold-text.ts'

/** A filter as it was typed; keywords that are empty are none. */
export interface FilterDraft {
  title: string
  action: FilterAction
  places: readonly FilterPlace[]
  /** How long from now, in ms; null for ever, absent as it was. */
  durationMs?: number | null
  keywords: readonly { keyword: string; isWholeWord: boolean }[]
}

/** Longer than anything offered: a filter for good is one without an end. */
const durationMsMax = 366 * 24 * 3_600_000

/**
 * What is to be kept of a draft: white space tidied, keywords that find the same once. Refusals `invalid` with the field: `title`, `action`, `places`, `expires`,
 * or `keyword1` and so on, by the place in which it was typed.
 */
export function checkFilter(draft: FilterDraft): FilterDraft {
  const title = tidy(draft.title)
  if (title === '') throw new Refusal('invalid', 'form.required', {}, 'title')
  requireShort(title, filterLimits.titleCharactersMax, 'title')
  if (!filterActions.includes(draft.action)) throw new Refusal('invalid', 'form.invalid', {}, 'action')
  const places = filterPlaces.filter((place) => draft.places.includes(place))
  if (places.length === 0) throw new Refusal('invalid', 'errors.filterNowhere', {}, 'places')
  const { durationMs } = draft
  if (typeof durationMs === 'number' && !(durationMs > 0 && durationMs <= durationMsMax))
    throw new Refusal('invalid', 'form.invalid', {}, 'expires')
  return { ...draft, title, places, keywords: checkKeywords(draft.keywords) }
}

function checkKeywords(typed: FilterDraft['keywords']): FilterDraft['keywords'] {
  const found = new Map<string, FilterDraft['keywords'][number]>()
  for (const [index, { keyword, isWholeWord }] of typed.entries()) {
    const tidied = tidy(keyword)
    if (tidied === '') continue
    requireShort(tidied, filterLimits.keywordCharactersMax, `keyword${index + 1}`)
    const key = foldText(tidied).trim()
    if (key === '') throw new Refusal('invalid', 'errors.filterNothing', {}, `keyword${index + 1}`)
    // Of the same twice, the one that finds more counts.
    const known = found.get(key)
    found.set(key, { keyword: known?.keyword ?? tidied, isWholeWord: isWholeWord && (known?.isWholeWord ?? true) })
  }
  if (found.size > filterLimits.keywordsMax)
    throw new Refusal('invalid', 'errors.filterKeywordsMax', { limit: filterLimits.keywordsMax }, 'keyword1')
  return [...found.values()]
}

function tidy(text: string): string {
  return text.trim().replace(/\s+/g, ' ')
}

function requireShort(text: string, limit: number, field: string): void {
  if ([...text].length > limit) throw new Refusal('invalid', 'form.tooLong', { limit }, field)
}
