import type { Translate } from '#server/platform/messages.ts'
import type { ChoiceView } from '#server/web/views/form-view.ts'

/** What most people write in; another that is chosen already is offered besides (BCP 47). */
const offered = [
  ...['ar', 'az', 'be', 'bg', 'bn', 'br', 'bs', 'ca', 'cs', 'cy', 'da', 'de', 'el', 'en', 'eo', 'es', 'et', 'eu', 'fa', 'fi', 'fr', 'fy'],
  ...['ga', 'gd', 'gl', 'he', 'hi', 'hr', 'hu', 'hy', 'id', 'is', 'it', 'ja', 'ka', 'kab', 'kk', 'ko', 'ku', 'lb', 'lt', 'lv', 'mk', 'ms'],
  ...[
    'nl',
    'nb',
    'nn',
    'oc',
    'pl',
    'pt',
    'ro',
    'ru',
    'sk',
    'sl',
    'sq',
    'sr',
    'sv',
    'ta',
    'th',
    'tr',
    'uk',
    'ur',
    'vi',
    'zh-Hans',
    'zh-Hant'
  ]
]

/** Languages by their names in the reader's language and its order, after "not said"; `selected` null for that. */
export function languageChoice(selected: string | null, t: Translate, error?: string): ChoiceView {
  const values = selected === null || offered.includes(selected) ? offered : [...offered, selected]
  const named = values.map((value) => ({ value, label: nameOf(value, t.language) }))
  const { compare } = new Intl.Collator(t.language)
  named.sort((a, b) => compare(a.label, b.label))
  const all = [{ value: '', label: t('composer.languageUnsaid') }, ...named]
  return { error, options: all.map((option) => ({ ...option, hint: undefined, isSelected: option.value === (selected ?? '') })) }
}

function nameOf(tag: string, language: string): string {
  try {
    return new Intl.DisplayNames([language], { type: 'language' }).of(tag) ?? tag
  } catch (error) {
    // What has the form of a tag need not name a language.
    if (error instanceof RangeError) return tag
    throw error
  }
}
