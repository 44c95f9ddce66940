import type { CheckView, ChoiceView, InputView } from '#server/web/views/form-view.ts'
import type { FocusOptionView } from '#server/web/views/focus-choice.ts'
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
  /** Which part of it always shows, in the field `focus-<id>`. */
  focus: FocusOptionView[]
  position: number
  total: number
}

/** One post of what is written: a thread has several. Its fields are `text`, `images` and `media`, from the second on with its number behind: `text2`. */
export interface ComposerPartView {
  /** From 1. */
  number: number
  /** What stands behind the names of its fields: nothing, or the number. */
  suffix: string
  /** What its text is called: "Your post", "Post 2". */
  label: string
  /** How many rows its text has before anything is written. */
  rows: number
  text: InputView
  images: ComposerImageView[]
  /** Sentence beside the file field when an upload was refused. */
  imagesError: string | undefined
  /** How many files may still be added; 0 hides the file field. */
  imagesLeft: number
  /** It may be taken away (`removePart`): the first one is the post itself. */
  mayRemove: boolean
}

/**
 * The form for a new post, a reply or an edit. It is sent as multipart/form-data with the fields: those of its parts (see ComposerPartView), `alt-<id>` of each image, `warning`, `visibility`, `language`,
 * those of `PollFieldsView` and `PolicyFieldsView`, `sensitive`, `markdown`, `localOnly`, `publishAt`, `replyTo` and `quote` (post ids), `idempotencyKey`, `csrf`, `returnTo`; and one of the buttons
 * `removeImage` (value: id), `addPart`, `removePart` (value: number), `addOption`, `saveDraft`, or none.
 */
export interface ComposerView {
  /** Where it posts: `/posts`, or the edit address of a post. */
  path: string
  kind: 'new' | 'reply' | 'edit'
  /** What sending it does, for the word on its button. */
  sends: 'new' | 'reply' | 'edit' | 'schedule'
  /** True opens the folded composer: with an error, on the thread page's reply link, or when text is kept. */
  isOpen: boolean
  /** A sentence about the whole form, e.g. that the rate limit was reached; field errors stand beside their fields. */
  error: string | undefined
  /** One at least. */
  parts: ComposerPartView[]
  /** There may be one part more, and nobody thinks of it yet: the button is folded away. */
  mayBeThread: boolean
  /** It is a thread, and there may be one part more: the button stands in the open. */
  mayAddPart: boolean
  warning: InputView
  /** Options in words with hints; values public, unlisted, followers, direct. Undefined on edit: the audience stays. */
  visibility: ChoiceView | undefined
  /** Types for the `accept` attribute: "image/jpeg,image/png,…". */
  imageTypes: string
  /** What is folded away: what few posts need. */
  more: ComposerMoreView
  /** What is quoted, travelling in the hidden field `quote`; undefined when nothing is. */
  quote: { id: string; name: string; path: string; text: string } | undefined
  charactersMax: number
  /** Who is answered, shown above the text; undefined unless kind is reply. */
  replyTo: { id: string; name: string; handle: string; path: string } | undefined
  /** Random value that makes a double submit one post, and the key of its draft. */
  idempotencyKey: string
}

export interface ComposerMoreView {
  /** True unfolds it: with something in it that is not as usual. */
  isOpen: boolean
  /** Language of the post; undefined hides the field. */
  language: ChoiceView | undefined
  poll: PollFieldsView
  /** Who may quote, answer, boost and favourite it. */
  policies: PolicyFieldsView
  sensitive: CheckView
  markdown: CheckView
  /** Undefined on edit: the audience stays. */
  localOnly: CheckView | undefined
  /** A time in the person's zone, as a field of type datetime-local has it; undefined on edit. */
  schedule: { at: InputView; hint: string } | undefined
}
