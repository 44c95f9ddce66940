import type { AccountCardView, AccountView } from '#server/web/views/account-view.ts'
import type { ComposerView } from '#server/web/views/composer-view.ts'
import type { ButtonView, CheckView, ChoiceView, InputView, LinkView } from '#server/web/views/form-view.ts'
import type { TabView } from '#server/web/views/page-views.ts'
import type { PagerView, TimelineView } from '#server/web/views/post-view.ts'
import type { TimeView } from '#server/web/views/time-view.ts'

export interface HomeView {
  composer: ComposerView
  timeline: TimelineView
  choices: TimelineChoicesView
  /** To the line between what was read and what was not, here or on the page that holds it; undefined when all was read, or nothing was ever marked. */
  jumpPath: string | undefined
  /** For scripts that count what is newer: id of the newest post shown, as the timeline counts, and where newer ones are shown. Undefined on pages further back. */
  newer: { newest: string; path: string } | undefined
  /** Ways to fill a home that is empty; none otherwise. */
  firstSteps: LinkView[]
}

/** Local, federated, a tag, a list, bookmarks, favourites. */
export interface TimelinePageView {
  heading: string
  /** One sentence under the heading that says what is listed here. */
  lead: string | undefined
  /** What else there is of a list: its members, its settings. */
  links: LinkView[]
  /** Follow or unfollow a hashtag. */
  button: ButtonView | undefined
  tabs: TabView[]
  /** Undefined where nothing can be left out. */
  choices: TimelineChoicesView | undefined
  timeline: TimelineView
}

/** What is left out of a timeline. It is kept for those signed in, and an address for everybody. */
export interface TimelineChoicesView {
  method: 'get' | 'post'
  path: string
  hidden: { name: string; value: string }[]
  /** Undefined where no boosts are shown anyway. */
  hidesBoosts: CheckView | undefined
  hidesReplies: CheckView
  /** What is left out now, in words; undefined when nothing is. */
  state: string | undefined
}

/** `/lists`: one's own lists, and a form for another one. */
export interface ListsView {
  error: string | undefined
  title: InputView
  lists: { path: string; title: string; text: string; isExclusive: boolean }[]
}

/** Name and rules of one list. */
export interface ListView {
  heading: string
  path: string
  error: string | undefined
  title: InputView
  repliesPolicy: ChoiceView
  isExclusive: CheckView
  backPath: string
  deletePath: string
}

/** Who stands in a list, and whom else of those one follows it could gather. */
export interface ListMembersView {
  heading: string
  backPath: string
  searchPath: string
  query: InputView
  /** Finished text when a search found nobody; undefined otherwise. */
  nobodyText: string | undefined
  found: AccountCardView[]
  members: AccountCardView[]
  emptyText: string | undefined
  pager: PagerView
}

/** The lists in which one person stands. */
export interface AccountListsView {
  heading: string
  path: string
  error: string | undefined
  account: AccountCardView | undefined
  lists: { value: string; label: string; isChecked: boolean }[]
  cancelPath: string
}

/** `/tags`: the hashtags one follows. */
export interface TagsView {
  error: string | undefined
  tag: InputView
  tags: { path: string; label: string; unfollow: ButtonView }[]
}

/** `/conversations`: threads of direct posts, the one with the newest post first. */
export interface ConversationsView {
  conversations: ConversationView[]
  emptyText: string
  pager: PagerView
}

export interface ConversationView {
  anchor: string
  /** The thread, at its newest post. */
  path: string
  /** At most three, with custom emoji. */
  namesHtml: string
  /** "and 2 more"; undefined when all are named. */
  moreText: string | undefined
  avatar: AccountView
  /** Who wrote the newest post: "You: …" or the words alone. */
  excerpt: string
  time: TimeView
  isUnread: boolean
  markRead: ButtonView | undefined
  remove: ButtonView
}
