import type { FilterAction, FilterPlace } from '#db/schema/filters.ts'
import { checkEach, Refusal } from '#server/errors.ts'
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
  return {
    ...draft,
    ...checkEach({
      title: () => checkTitle(draft.title),
      action: () => checkAction(draft.action),
      places: () => checkPlaces(draft.places),
      keywords: () => checkKeywords(draft.keywords),
      durationMs: () => checkDuration(draft)
    })
  }
}

function checkTitle(typed: string): string {
  const title = tidy(typed)
  if (title === '') throw new Refusal('invalid', 'form.required', {}, 'title')
  requireShort(title, filterLimits.titleCharactersMax, 'title')
  return title
}

function checkAction(action: FilterAction): FilterAction {
  if (!filterActions.includes(action)) throw new Refusal('invalid', 'form.invalid', {}, 'action')
  return action
}

function checkPlaces(chosen: readonly FilterPlace[]): FilterPlace[] {
  const places = filterPlaces.filter((place) => chosen.includes(place))
  if (places.length === 0) throw new Refusal('invalid', 'errors.filterNowhere', {}, 'places')
  return places
}

function checkDuration({ durationMs }: FilterDraft): FilterDraft['durationMs'] {
  if (typeof durationMs === 'number' && !(durationMs > 0 && durationMs <= durationMsMax))
    throw new Refusal('invalid', 'form.invalid', {}, 'expires')
  return durationMs
}

function checkKeywords(typed: FilterDraft['keywords']): FilterDraft['keywords'] {
  const tidied = typed.map(({ keyword }) => tidy(keyword))
  checkEach(Object.fromEntries(tidied.map((keyword, index) => [index, () => checkKeyword(keyword, `keyword${index + 1}`)])))
  const found = new Map<string, FilterDraft['keywords'][number]>()
  for (const [index, { isWholeWord }] of typed.entries()) {
    const keyword = tidied[index]!
    if (keyword === '') continue
    const key = foldText(keyword).trim()
    // Of the same twice, the one that finds more counts.
    const known = found.get(key)
    found.set(key, { keyword: known?.keyword ?? keyword, isWholeWord: isWholeWord && (known?.isWholeWord ?? true) })
  }
  if (found.size > filterLimits.keywordsMax)
    throw new Refusal('invalid', 'errors.filterKeywordsMax', { limit: filterLimits.keywordsMax }, 'keyword1')
  return [...found.values()]
}

function checkKeyword(keyword: string, field: string): void {
  if (keyword === '') return
  requireShort(keyword, filterLimits.keywordCharactersMax, field)
  if (foldText(keyword).trim() === '') throw new Refusal('invalid', 'errors.filterNothing', {}, field)
}

function tidy(text: string): string {
  return text.trim().replace(/\s+/g, ' ')
}

function requireShort(text: string, limit: number, field: string): void {
  if ([...text].length > limit) throw new Refusal('invalid', 'form.tooLong', { limit }, field)
}
