/**
 * What a template may say about a form. The template owns the label, the hint, the type and the autocomplete word of a field;
 * a view brings only what was typed and what was wrong with it. So nothing typed is lost on an error, and the words stay in views/.
 *
 * Every POST form carries two hidden fields, written by the `form-hidden` partial from the chrome: `csrf` (the token) and `returnTo`
 * (path and query of the page the form stands on, with the anchor of the post where there is one). The door checks that
 * `returnTo` is a path of ours before it redirects there.
 */

/** A text-like field: `value` is what was typed (or stands stored), `error` a finished sentence or undefined when all is well. */
export interface InputView {
  value: string
  error: string | undefined
  /** The form came back for this field alone: one goes on there. */
  autofocus?: boolean
}

/** A checkbox. */
export interface CheckView {
  isChecked: boolean
  error: string | undefined
  /** As of an InputView. */
  autofocus?: boolean
}

/** A select or a group of radio buttons; exactly one option is selected. */
export interface ChoiceView {
  options: OptionView[]
  error: string | undefined
  /** As of an InputView. */
  autofocus?: boolean
}

export interface OptionView {
  value: string
  /** The option in words, e.g. "Followers only". */
  label: string
  /** A short explanation under a radio button; selects do not show it. */
  hint: string | undefined
  isSelected: boolean
}

/** A button that posts to one address; the label is finished text ("Follow", "Cancel request"). */
export interface ButtonView {
  path: string
  label: string
  /** Accessible name when the label alone is not enough ("Follow Ana, @ana@example.org"); it starts with the label. */
  name: string | undefined
  /** One button of a row is primary at most: the act that is usually meant. Undoing (Unfollow, Cancel request) is plain. */
  tone: 'primary' | 'plain' | 'danger'
}

/** A link in words. */
export interface LinkView {
  path: string
  label: string
}
