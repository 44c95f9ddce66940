import type { Translate } from '#server/platform/messages.ts'
import type { ChoiceView } from '#server/web/views/form-view.ts'
import type { PostView } from '#server/web/views/post-view.ts'

const keys = {
  public: { label: 'visibility.public', hint: 'visibility.publicHint' },
  unlisted: { label: 'visibility.unlisted', hint: 'visibility.unlistedHint' },
  followers: { label: 'visibility.followers', hint: 'visibility.followersHint' },
  direct: { label: 'visibility.direct', hint: 'visibility.directHint' }
} as const

/** The visibility of a post in words. */
export function visibilityText(visibility: PostView['visibility'], t: Translate): string {
  return t(keys[visibility].label)
}

/** The four visibilities as options of the composer; each says in its label who will see the post, since a select shows no hints. */
export function visibilityChoice(selected: PostView['visibility'], t: Translate): ChoiceView {
  const names = Object.keys(keys) as PostView['visibility'][]
  return {
    error: undefined,
    options: names.map((value) => ({
      value,
      label: `${t(keys[value].label)} · ${t(keys[value].hint)}`,
      hint: undefined,
      isSelected: value === selected
    }))
  }
}
