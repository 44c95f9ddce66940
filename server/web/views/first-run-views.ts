import type { AccountCardView } from '#server/web/views/account-view.ts'
import type { ButtonView, ChoiceView, InputView } from '#server/web/views/form-view.ts'
import type { TabView } from '#server/web/views/page-views.ts'
import type { TimeView } from '#server/web/views/time-view.ts'

/** First steps of somebody who is new here; each part is left out when there is nothing in it. */
export interface WelcomeView {
  /** What an admin says to new people; undefined when they say nothing. */
  text: string | undefined
  starters: AccountCardView[]
  /** Follows everybody of the list at once; undefined when there is nobody left to follow. */
  followAll: ButtonView | undefined
  tags: { path: string; label: string; button: ButtonView }[]
  suggestions: AccountCardView[]
  importPath: string
  /** Handles to paste, one a line. */
  handles: InputView
}

export interface SettingsImportView {
  tabs: TabView[]
  path: string
  error: string | undefined
  kind: ChoiceView
  text: InputView
  fileError: string | undefined
  imports: { path: string; label: string; text: string; time: TimeView }[]
}

/** How an import goes. */
export interface ImportView {
  heading: string
  /** "120 of 300 done, 4 failed." */
  progressText: string
  done: number
  total: number
  isRunning: boolean
  /** Address of this page, to look again. */
  path: string
  /** Tries again what failed; undefined when nothing did. */
  retry: ButtonView | undefined
  failed: { subject: string; reason: string }[]
  morePath: string | undefined
}
