import type { EmojiPageView } from '#server/web/views/emoji-page-view.ts'
import type { StyleView } from '#server/web/views/style-view.ts'
import type { SettingsView } from '#server/web/views/settings-sections.ts'
import type { AccountCardView, AccountView, ProfilePageView } from '#server/web/views/account-view.ts'
import type { AuthorizeCodeView, AuthorizeFaultyView, AuthorizeView, SettingsAppsView } from '#server/web/views/app-views.ts'
import type { ApprovalsView } from '#server/web/views/approvals-view.ts'
import type { ComposerView } from '#server/web/views/composer-view.ts'
import type {
  AboutView,
  FrontView,
  OwnerView,
  PasswordForgottenView,
  PasswordNewView,
  SignInView,
  SignUpView
} from '#server/web/views/entry-views.ts'
import type { DraftsView, PostImagesView } from '#server/web/views/draft-views.ts'
import type { ButtonView, CheckView, ChoiceView, InputView, LinkView } from '#server/web/views/form-view.ts'
import type { NotificationView } from '#server/web/views/notification-view.ts'
import type { MuteView, SettingsFiltersView, SettingsFilterView, SettingsServersView } from '#server/web/views/filter-views.ts'
import type { ImportView, SettingsImportView, WelcomeView } from '#server/web/views/first-run-views.ts'
import type { MediaView, PagerView, PostView } from '#server/web/views/post-view.ts'
import type { DirectoryView, ExploreView, SearchView } from '#server/web/views/search-view.ts'
import type {
  SettingsAccountView,
  SettingsAppearanceView,
  SettingsNotificationsView,
  SettingsPrivacyView,
  SettingsPostingView,
  SettingsMovingView,
  SettingsProfileView,
  SettingsSessionsView
} from '#server/web/views/settings-views.ts'
import type {
  CodeAppView,
  PasskeyNewView,
  PasskeyView,
  ProofPageView,
  RecoveryCodesView,
  SecurityChangeView,
  SettingsSecurityView,
  SignInRecoveryView,
  SignInStepView
} from '#server/web/views/security-views.ts'
import type {
  AccountListsView,
  ConversationsView,
  HomeView,
  ListMembersView,
  ListsView,
  ListView,
  TagsView,
  TimelinePageView
} from '#server/web/views/timeline-views.ts'
import type { TimeView } from '#server/web/views/time-view.ts'

/**
 * The contract between the pages and their templates: the key is the name of the template in views/pages, the value what it receives as
 * `view`. Every field must be there, with `undefined` where a type allows it: templates are strict and throw on a name they do not find.
 */
export interface PageViews {
  front: FrontView
  home: HomeView
  timeline: TimelinePageView
  lists: ListsView
  list: ListView
  'list-members': ListMembersView
  'account-lists': AccountListsView
  tags: TagsView
  conversations: ConversationsView
  profile: ProfilePageView
  people: PeopleView
  thread: ThreadView
  notifications: NotificationsView
  approvals: ApprovalsView
  search: SearchView
  explore: ExploreView
  welcome: WelcomeView
  import: ImportView
  'settings-import': SettingsImportView
  directory: DirectoryView
  'sign-in': SignInView
  'sign-in-step': SignInStepView
  'sign-in-recovery': SignInRecoveryView
  'sign-up': SignUpView
  owner: OwnerView
  'password-forgotten': PasswordForgottenView
  'password-new': PasswordNewView
  about: AboutView
  settings: SettingsView
  style: StyleView
  'settings-profile': SettingsProfileView
  'settings-account': SettingsAccountView
  'settings-security': SettingsSecurityView
  'settings-security-change': SecurityChangeView
  'settings-code-app': CodeAppView
  'settings-recovery-codes': RecoveryCodesView
  'settings-passkey-new': PasskeyNewView
  'settings-passkey': PasskeyView
  'settings-proof': ProofPageView
  'settings-sessions': SettingsSessionsView
  'settings-apps': SettingsAppsView
  authorize: AuthorizeView
  'authorize-faulty': AuthorizeFaultyView
  'authorize-code': AuthorizeCodeView
  'settings-moving': SettingsMovingView
  'settings-appearance': SettingsAppearanceView
  'settings-privacy': SettingsPrivacyView
  'settings-notifications': SettingsNotificationsView
  severed: SeveredView
  'settings-filters': SettingsFiltersView
  'settings-filter': SettingsFilterView
  'settings-servers': SettingsServersView
  mute: MuteView
  'settings-posting': SettingsPostingView
  compose: ComposePageView
  drafts: DraftsView
  'post-images': PostImagesView
  'post-history': PostHistoryView
  confirm: ConfirmView
  report: ReportFormView
  message: MessageView
  error: ErrorView
  offline: Record<string, never>
  'post-card': { heading: string; post: PostView }
  shortcuts: ShortcutsView
  emoji: EmojiPageView
}

/** Keyboard shortcuts by what they are for; the keys of a row follow each other. */
export interface ShortcutsView {
  groups: { heading: string; rows: { keys: string[]; label: string }[] }[]
}

/** A link in a row of links to sibling pages; exactly one is the current one. */
export interface TabView {
  path: string
  label: string
  isCurrent: boolean
}

/** Followers, following, blocked, muted, follow requests. */
export interface PeopleView {
  heading: string
  lead: string | undefined
  /** The page it belongs to: whose list it is, or the settings. */
  back: LinkView | undefined
  tabs: TabView[]
  cards: AccountCardView[]
  emptyText: string
  pager: PagerView
}

export interface ThreadView {
  heading: string
  /** From the first post down to the one answered. */
  ancestors: PostView[]
  /** POST: hears of the conversation again; undefined unless the reader muted it. */
  unmutePath: string | undefined
  /** True when the focused post answers something that is not here. */
  isParentMissing: boolean
  post: PostView
  /** In reading order (depth first). */
  replies: ThreadReplyView[]
  replyCount: number
  /** Addresses of the lists of who boosted and who favourited; undefined when the number is 0 or not to be shown. */
  boostersPath: string | undefined
  favouritersPath: string | undefined
  /** Looking for the rest of the conversation, or what of it could not be had; undefined when there is nothing to say. */
  pull: { text: string; isRunning: boolean; askPath: string | undefined } | undefined
  /** How many servers have the focused post, for its author; undefined for others and for what goes nowhere. */
  reach: string | undefined
  /** Form to answer the focused post; undefined when one is not signed in or may not answer. */
  composer: ComposerView | undefined
  /** Ways to the next replies of many, and back to the first ones. */
  moreRepliesPath: string | undefined
  firstRepliesPath: string | undefined
}

export interface ThreadReplyView {
  post: PostView
  /** 0 for an answer to the focused post; a lone answer keeps its parent's depth; never above 4. */
  depth: 0 | 1 | 2 | 3 | 4
  /** The only answer to the one above it: a line leads from that one's picture to its own. */
  isJoined: boolean
}

export interface NotificationsView {
  /** All, Mentions. */
  tabs: TabView[]
  /** POST that marks all as read; undefined when nothing is unread. */
  markReadPath: string | undefined
  /** What the tab is about, where its name does not say it. */
  lead: string | undefined
  /** The settings that decide what waits apart; undefined but where it does. */
  policyPath: string | undefined
  emptyText: string
  notifications: NotificationView[]
  pager: PagerView
}

/** Whom one cannot reach while a server is suspended here. */
export interface SeveredView {
  heading: string
  lead: string
  csvPath: string
  cards: AccountCardView[]
  emptyText: string
  pager: PagerView
}

/** The composer as a page of its own: edit, reply by link, and a refused post of the home page. */
export interface ComposePageView {
  heading: string
  /** The post that is answered or edited, above the form. */
  post: PostView | undefined
  composer: ComposerView
  cancelPath: string
  /** Asks whether the draft is to go; undefined when it is none. */
  deletePath: string | undefined
}

export interface PostHistoryView {
  heading: string
  postPath: string
  author: AccountView
  /** Newest first; the last one is the original. */
  revisions: {
    time: TimeView
    isOriginal: boolean
    isCurrent: boolean
    warningHtml: string | undefined
    contentHtml: string
    /** What its poll could be answered with; empty when it had none. */
    options: { textHtml: string }[]
    media: MediaView[]
  }[]
}

/** "Delete this post?" and "Block @ana?": one question, what follows from it, two ways out. */
export interface ConfirmView {
  heading: string
  /** What will happen, a sentence each. */
  consequences: string[]
  /** What it is about, in the words it begins with, where neither a post nor an account shows it. */
  quoted: string | undefined
  path: string
  /** The act in words, "Delete post"; the button is red when `isDangerous`. */
  label: string
  isDangerous: boolean
  cancelPath: string
  hidden: { name: string; value: string }[]
  post: PostView | undefined
  account: AccountCardView | undefined
}

export interface ReportFormView {
  path: string
  error: string | undefined
  /** The reporter's former report of this account, which is not closed yet: what is sent now is added to it. */
  open: { text: string } | undefined
  account: AccountView
  /** Posts to choose from (checkboxes `postIds`); the one reported from is ticked. */
  posts: { id: string; text: string; time: TimeView; isChecked: boolean }[]
  /** Radio buttons `category`: spam, illegal, rules, other. */
  category: ChoiceView
  comment: InputView
  commentCharactersMax: number
  /** Host of the account when it is a peer's: offers to send the report there (`forward`). */
  host: string | undefined
  forward: CheckView
  cancelPath: string
}

/** A page that only says something: "Check your mail", "Your sign-up waits for approval". */
export interface MessageView {
  heading: string
  paragraphs: string[]
  links: LinkView[]
  buttons: ButtonView[]
}

export interface ErrorView {
  status: number
  heading: string
  text: string
  /** To quote to the admin; undefined for answers we meant to give. */
  requestId: string | undefined
  /** Ways on: back home, sign in. */
  links: LinkView[]
}
