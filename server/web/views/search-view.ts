import type { AccountCardView } from '#server/web/views/account-view.ts'
import type { InputView, LinkView } from '#server/web/views/form-view.ts'
import type { TabView } from '#server/web/views/page-views.ts'
import type { PagerView, PostView } from '#server/web/views/post-view.ts'

export interface SearchView {
  /** Explore, Search, People. */
  tabs: TabView[]
  query: InputView
  /** True once something was searched. */
  hasResults: boolean
  accounts: AccountCardView[]
  posts: PostView[]
  tags: LinkView[]
  /** A sentence when nothing was found, or when a peer did not answer. */
  notice: string | undefined
  /** What was tried to find a handle or an address that came to nothing, in order; `detail` is for moderators. */
  steps: StepView[]
  /** POST that asks again now, with what was typed; undefined when asking again cannot help. */
  againPath: string | undefined
  /** Where to go on after the notice: to sign in, to the same with words that begin so. */
  noticeLink: LinkView | undefined
  /** What may be written into the field, each with what it does; empty for those who may not search posts. */
  operators: { example: string; text: string }[]
  /** True while the operators are meant to be read: one of them was not understood. */
  isHelpOpen: boolean
  /** People to follow, while nothing is searched. */
  suggestions: AccountCardView[]
  pager: PagerView
}

export interface StepView {
  text: string
  isOk: boolean
  /** Why it failed, as a sentence for anybody; undefined when it went well. */
  reason: string | undefined
  detail: string | undefined
}

/** What many talk about, and people to follow. */
export interface ExploreView {
  tabs: TabView[]
  tags: TrendView[]
  links: TrendView[]
  posts: PostView[]
  suggestions: AccountCardView[]
  /** Said when nothing of it is there. */
  emptyText: string | undefined
}

export interface TrendView extends LinkView {
  /** "12 people, 30 posts". */
  text: string
}

/** People who want to be found. */
export interface DirectoryView {
  tabs: TabView[]
  lead: string
  /** Of here, of elsewhere; empty for strangers, who see only ours. */
  places: TabView[]
  orders: TabView[]
  cards: AccountCardView[]
  emptyText: string
  pager: PagerView
}
