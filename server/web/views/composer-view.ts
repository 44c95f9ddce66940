import type { ChoiceView, InputView } from '#server/web/views/form-view.ts'
import type { PolicyFieldsView } from '#server/web/views/policy-fields.ts'
import type { PollFieldsView } from '#server/web/views/poll-view.ts'

/** An image that was uploaded with the form and is kept while its author writes on. */
export interface ComposerImageView {
  /** Value of the repeated hidden field `media`: the image stays in the post while it is sent. */
  id: string
  url: string
  width: number
  height: number
  /** Its alternative text travels in the field `alt-<id>`. */
  alt: InputView
  position: number
  total: number
}

/**
 * The form for a new post, a reply or an edit. It is sent as multipart/form-data with the fields: `text`, `warning`, `visibility`, `language`,
 * `images` (files), `media` and `alt-<id>` (images already there), `removeImage` (value: id; a submit button), those of `PollFieldsView` and `PolicyFieldsView`, `replyTo` and `quote` (post ids),
 * `idempotencyKey`, `csrf`, `returnTo`.
 */
export interface ComposerView {
  /** Where it posts: `/posts`, or the edit address of a post. */
  path: string
  kind: 'new' | 'reply' | 'edit'
  /** True opens the folded composer: with an error, on the thread page's reply link, or when text is kept. */
  isOpen: boolean
  /** A sentence about the whole form, e.g. that the rate limit was reached; field errors stand beside their fields. */
  error: string | undefined
  text: InputView
  warning: InputView
  /** Options in words with hints; values public, unlisted, followers, direct. Undefined on edit: the audience stays. */
  visibility: ChoiceView | undefined
  /** Language of the post; undefined hides the field. */
  language: ChoiceView | undefined
  images: ComposerImageView[]
  /** Sentence beside the file field when an upload was refused. */
  imagesError: string | undefined
  /** How many files may still be added; 0 hides the file field. */
  imagesLeft: number
  /** Types for the `accept` attribute: "image/jpeg,image/png,…". */
  imageTypes: string
  poll: PollFieldsView
  /** Who may quote, answer, boost and favourite it. */
  policies: PolicyFieldsView
  /** What is quoted, travelling in the hidden field `quote`; undefined when nothing is. */
  quote: { id: string; name: string; path: string; text: string } | undefined
  charactersMax: number
  /** Who is answered, shown above the text; undefined unless kind is reply. */
  replyTo: { id: string; name: string; handle: string; path: string } | undefined
  /** Random value that makes a double submit one post. */
  idempotencyKey: string
}
