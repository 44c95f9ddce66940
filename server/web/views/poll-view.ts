import type { ChoiceView, InputView } from '#server/web/views/form-view.ts'
import type { TimeView } from '#server/web/views/time-view.ts'

/** What a post asks, with a form for whoever may vote and the results for everybody. */
export interface PollView {
  /** Id attribute, unique on the page, and start of those of its fields. */
  id: string
  /** Of the post: where the form leads back to. */
  anchor: string
  /** POST: votes, with a field `choice` an option. Undefined for whoever voted, may not vote, or comes too late: the results stand alone then. */
  votePath: string | undefined
  isMultiple: boolean
  /** Whether the boxes to tick are folded away: each is a stop of the Tab key, and a post in a list has six at most. */
  isFolded: boolean
  options: PollOptionView[]
  isOver: boolean
  /** "12 people voted", or how many votes there are where nobody says how many people. */
  countText: string
  /** "2 hours left"; undefined when it is over, or has no end. */
  leftText: string | undefined
  /** When it ends, or ended; undefined when nobody says. */
  ends: TimeView | undefined
}

export interface PollOptionView {
  /** The value of its field: the position from 0, and the mark of what stands there. */
  value: string
  /** The words with custom emoji. */
  textHtml: string
  /** Of those who voted, in whole hundredths: length of the bar. */
  share: number
  shareText: string
  votesText: string
  /** The reader voted for it. */
  isOwn: boolean
  /** Nothing has more votes. */
  isLeading: boolean
}

/** The part of the composer that asks something: fields `pollOption1` and so on, `pollChoice`, `pollEnds`, and a button `addOption`. */
export interface PollFieldsView {
  /** True unfolds it: with something typed in it. */
  isOpen: boolean
  options: (InputView & { name: string; id: string; label: string })[]
  /** Whether there may be more options than are shown. */
  mayAdd: boolean
  optionCharactersMax: number
  /** Whether one or several may be chosen. */
  choice: ChoiceView
  /** How long it lasts. */
  ends: ChoiceView
  /** What a change does; undefined for a new poll. */
  note: string | undefined
}
