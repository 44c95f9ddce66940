import type { ComposerImageView } from '#server/web/views/composer-view.ts'
import type { LinkView } from '#server/web/views/form-view.ts'
import type { TabView } from '#server/web/views/page-views.ts'
import type { TimeView } from '#server/web/views/time-view.ts'

/** `/drafts` and `/drafts/scheduled`. */
export interface DraftsView {
  heading: string
  lead: string
  tabs: TabView[]
  drafts: DraftCardView[]
  emptyText: string
}

/** One draft of a list. */
export interface DraftCardView {
  /** `draft-<id>`. */
  anchor: string
  /** Where one writes on. */
  path: string
  /** The first words, or a word for there being none. */
  text: string
  /** Empty for none. */
  warning: string
  /** What else it is: a reply, a thread of three, two images. */
  marks: string[]
  /** Small pictures of it; decoration, since `marks` says how many there are. */
  pictures: { url: string; width: number; height: number }[]
  /** When it was last changed, or when it goes out. */
  time: TimeView
  timeText: string
  /** Why it was not published at its time; undefined when it was not to be. */
  failure: string | undefined
  /** The link to write on or to change it; its name says which draft is meant. */
  open: LinkView & { name: string }
  /** POST; undefined unless it is scheduled. */
  publishPath: string | undefined
  unschedulePath: string | undefined
  deletePath: string
}

/** The step after choosing images: each asks for its alternative text before the post goes out. */
export interface PostImagesView {
  path: string
  error: string | undefined
  /** Of the draft: a double submit makes one post. */
  idempotencyKey: string
  /** Plain text of the post, shown so that one knows what the pictures belong to. */
  text: string
  images: ComposerImageView[]
  altCharactersMax: number
  /** What the button does: publish, answer, or wait for its time. */
  sends: 'new' | 'reply' | 'schedule'
  cancelPath: string
}
