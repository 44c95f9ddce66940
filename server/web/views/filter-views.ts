import type { CheckView, ChoiceView, InputView } from '#server/web/views/form-view.ts'
import type { SettingsTabs } from '#server/web/views/settings-views.ts'

/** The reader's filters. */
export interface SettingsFiltersView extends SettingsTabs {
  /** GET: the form of a new one; undefined when there are as many as there may be. */
  newPath: string | undefined
  /** Said in place of the link then. */
  fullText: string
  filters: {
    title: string
    path: string
    /** "Ends in 3 days (26 Nov, 14:05)", "Has ended", "Never ends". */
    stateText: string
    isEnded: boolean
    /** What it does and where: "Folds posts away in: Home and lists, Notifications". */
    whatText: string
    /** "spider, Spinne and 3 more"; empty when it is for single posts only. */
    wordsText: string
    postsText: string
    deletePath: string
    deleteName: string
  }[]
}

/** The form of a filter, new or as it stands. */
export interface SettingsFilterView extends SettingsTabs {
  heading: string
  path: string
  error: string | undefined
  /** Where one came from. */
  back: string
  title: InputView
  titleCharactersMax: number
  keywords: { name: string; id: string; label: string; input: InputView; wholeName: string; wholeId: string; isWhole: boolean }[]
  keywordCharactersMax: number
  mayAddKeyword: boolean
  action: ChoiceView
  places: { name: string; id: string; label: string; hint: string | undefined; isChecked: boolean }[]
  placesError: string | undefined
  expires: ChoiceView
  /** The post it begins with; undefined for a filter of words. */
  post: { id: string; text: string; check: CheckView } | undefined
  /** Single posts it holds; ticked ones leave it. */
  posts: { id: string; path: string | undefined; text: string; isChecked: boolean }[]
  /** A filter that the post could go into instead; undefined when there is no post or no filter. */
  other: { path: string; filter: ChoiceView } | undefined
  deletePath: string | undefined
}

/** How long somebody is to be muted. */
export interface MuteView {
  heading: string
  path: string
  error: string | undefined
  returnTo: string
  duration: ChoiceView
  hidesNotifications: CheckView
}

/** Servers the reader hid. */
export interface SettingsServersView extends SettingsTabs {
  path: string
  error: string | undefined
  domain: InputView
  removePath: string
  servers: { domain: string; name: string }[]
}
