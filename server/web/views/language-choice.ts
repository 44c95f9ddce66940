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

/** The offered languages by their names in the language of the reader: there are as many lists as catalogues of messages. */
const namedIn = new Map<string, { value: string; label: string }[]>()

/** Languages by their names in the reader's language and its order, after "not said"; `selected` null for that. */
export function languageChoice(selected: string | null, t: Translate, error?: string): ChoiceView {
  const named = [...offeredIn(t.language)]
  if (selected !== null && !offered.includes(selected)) {
    named.push({ value: selected, label: namesIn(t.language)(selected) })
    sortByLabel(named, t.language)
  }
  const all = [{ value: '', label: t('composer.languageUnsaid') }, ...named]
  return { error, options: all.map(({ value, label }) => ({ value, label, hint: undefined, isSelected: value === (selected ?? '') })) }
}

/** Names of languages take a tenth of a millisecond each to look up. */
function offeredIn(language: string): readonly { value: string; label: string }[] {
  const known = namedIn.get(language)
  if (known) return known
  const nameOf = namesIn(language)
  const named = offered.map((value) => ({ value, label: nameOf(value) }))
  sortByLabel(named, language)
  namedIn.set(language, named)
  return named
}

function sortByLabel(named: { label: string }[], language: string): void {
  const { compare } = new Intl.Collator(language)
  named.sort((a, b) => compare(a.label, b.label))
}

function namesIn(language: string): (tag: string) => string {
  const names = new Intl.DisplayNames([language], { type: 'language' })
  return (tag) => {
    try {
      return names.of(tag) ?? tag
    } catch (error) {
      // What has the form of a tag need not name a language.
      if (error instanceof RangeError) return tag
      throw error
    }
  }
}
