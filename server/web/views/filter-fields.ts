import type { FilterAction, FilterPlace } from '#db/schema/filters.ts'
import type { FilterDraft } from '#server/filters/check-filter.ts'
import { filterActions, filterLimits, filterPlaces } from '#server/filters/limits.ts'
import type { Translate } from '#server/platform/messages.ts'
import type { Form } from '#server/web/form.ts'
import type { Typed } from '#server/web/typed.ts'
import type { SettingsFilterView } from '#server/web/views/filter-views.ts'
import { spanChosen, spanOptions } from '#server/web/views/span-view.ts'
import { Refusal } from '#server/errors.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const spansMs = [null, hourMs, 6 * hourMs, dayMs, 3 * dayMs, 7 * dayMs, 30 * dayMs, 90 * dayMs] as const
/** Rows for words that an empty form shows, and how many more one press of the button brings. */
const rowsShown = 3
const rowsAdded = 2

const rows = Array.from({ length: filterLimits.keywordsMax }, (_, index) => ({
  name: `keyword${index + 1}`,
  wholeName: `whole${index + 1}`
}))

/** What a filter's form begins with. */
export interface FilterStart {
  title: string
  keywords: readonly { keyword: string; isWholeWord: boolean }[]
  action: FilterAction
  places: readonly FilterPlace[]
  /** What leaves the end as it is, in words; undefined for a new filter. */
  keptEndText?: string
}

/** The filter that a form holds. Refusal `invalid` (field `expires`) for a span that is not offered. */
export function filterOf(form: Form): FilterDraft {
  const chosen = form.text('expires')
  const durationMs = chosen === '' ? undefined : spanChosen(chosen, spansMs)
  if (chosen !== '' && durationMs === undefined) throw new Refusal('invalid', 'form.invalid', {}, 'expires')
  return {
    title: form.text('title'),
    action: form.text('action') as FilterAction,
    places: filterPlaces.filter((place) => form.has(`place-${place}`)),
    ...(durationMs === undefined ? {} : { durationMs }),
    keywords: rows.map(({ name, wholeName }) => ({ keyword: form.text(name), isWholeWord: form.has(wholeName) }))
  }
}

type Fields = Pick<SettingsFilterView, 'title' | 'keywords' | 'mayAddKeyword' | 'action' | 'places' | 'placesError' | 'expires'>

/** The fields of a filter: blank, as it stands, or as they were typed. */
export function toFilterFields(typed: Typed, start: FilterStart, t: Translate): Fields {
  const { form } = typed
  const typedRows = typed.isSent ? rows.filter(({ name }) => form.has(name)).length : 0
  const wanted = typed.isSent ? typedRows + (form.has('addKeyword') ? rowsAdded : 0) : start.keywords.length + 1
  const shown = rows.slice(0, Math.max(rowsShown, wanted))
  return {
    // A new one begins with its name.
    title: { autofocus: start.title === '' && !typed.isSent, ...typed.input('title', start.title) },
    keywords: shown.map(({ name, wholeName }, index) => ({
      name,
      id: `filter-${name}`,
      label: t('filter.keyword', { number: index + 1 }),
      input: typed.input(name, start.keywords[index]?.keyword),
      wholeName,
      wholeId: `filter-${wholeName}`,
      isWhole: typed.isSent && form.has(name) ? form.has(wholeName) : (start.keywords[index]?.isWholeWord ?? true)
    })),
    mayAddKeyword: shown.length < rows.length,
    action: typed.choice(
      'action',
      filterActions.map((value) => ({ value, label: t(`filter.action-${value}`), hint: t(`filter.action-${value}Hint`) })),
      start.action
    ),
    places: filterPlaces.map((place) => ({
      name: `place-${place}`,
      id: `filter-place-${place}`,
      label: t(`filter.place-${place}`),
      hint: undefined,
      isChecked: typed.isSent ? form.has(`place-${place}`) : start.places.includes(place)
    })),
    placesError: typed.errorOf('places'),
    expires: typed.choice(
      'expires',
      [...(start.keptEndText === undefined ? [] : [{ value: '', label: start.keptEndText }]), ...spanOptions(t, spansMs, 'filter.never')],
      start.keptEndText === undefined ? 'never' : ''
    )
  }
}
