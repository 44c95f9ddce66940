import type { AccountView } from '#server/web/views/account-view.ts'
import type { ButtonView, CheckView, ChoiceView, InputView, LinkView } from '#server/web/views/form-view.ts'
import type { PagerView, PostView } from '#server/web/views/post-view.ts'
import type { TabView } from '#server/web/views/page-views.ts'
import type { TimeView } from '#server/web/views/time-view.ts'
import type { AdminFirstContactView, AdminPeersView, AdminPeerView, AdminWhyView } from '#server/web/admin/views/peers-views.ts'
import type { AdminEmojiPageViews } from '#server/web/admin/views/emoji-view.ts'
import type { AdminRelaysView } from '#server/web/admin/views/relays-view.ts'
import type { AdminTrendsView } from '#server/web/admin/views/trends-view.ts'

/** The contract of the pages in views/admin; the rules of `PageViews` hold here too. All of them show the `adminTabs` of `AdminView`. */
export interface AdminPageViews extends AdminEmojiPageViews {
  'admin/dashboard': AdminDashboardView
  'admin/accounts': AdminAccountsView
  'admin/account': AdminAccountView
  'admin/sign-ups': AdminSignUpsView
  'admin/reports': AdminReportsView
  'admin/report': AdminReportView
  'admin/domains': AdminDomainsView
  'admin/invites': AdminInvitesView
  'admin/relays': AdminRelaysView
  'admin/trends': AdminTrendsView
  'admin/queue': AdminQueueView
  'admin/retention': AdminRetentionView
  'admin/first-contact': AdminFirstContactView
  'admin/peers': AdminPeersView
  'admin/peer': AdminPeerView
  'admin/why': AdminWhyView
  'admin/audit': AdminAuditView
  'admin/welcome': AdminWelcomeView
  'admin/settings': AdminSettingsView
}

export interface AdminView {
  /** The way through the panel: its groups of pages (Dashboard, People (3), Network, Instance), and the pages of the current one if it has several. */
  adminTabs: { groups: CountedTabView[]; pages: CountedTabView[] }
}

/** A page, or a group of pages by its first, with how much waits there. */
export interface CountedTabView extends TabView {
  count: number
}

export interface AdminDashboardView extends AdminView {
  /** Warnings that need an act, worst first ("Mail goes to a file: set SMTP_URL."); empty when all is well. */
  warnings: { text: string; path: string | undefined; tone: 'bad' | 'plain' }[]
  /** What waits for a person: reports, sign-ups, failed deliveries. */
  waiting: { label: string; count: number; path: string }[]
  /** The first-run checklist; undefined once everything is done or it was put away. */
  checklist: { items: ChecklistItemView[]; doneCount: number; dismissPath: string | undefined } | undefined
  /** POST that looks at everything, the slow checks too, and shows the whole list; undefined for those who may not. */
  examinePath: string | undefined
  /** Numbers as label and finished text: people, posts, peers, queue, dead letters, disk, database, last backup. */
  figures: { label: string; value: string; note: string | undefined; isBad: boolean }[]
}

export interface ChecklistItemView {
  label: string
  /** What was found or what to do. */
  text: string
  state: 'done' | 'open' | 'failed'
  /** The state in words. */
  stateText: string
  path: string | undefined
}

export interface AdminAccountsView extends AdminView {
  query: InputView
  /** Select `state`: all, active, suspended, waiting. */
  state: ChoiceView
  /** Select `origin`: all, local, remote. */
  origin: ChoiceView
  rows: AdminAccountRow[]
  pager: PagerView
}

export interface AdminAccountRow {
  account: AccountView
  /** Page of the account in the panel. */
  path: string
  email: string | undefined
  roleText: string
  stateText: string
  isBad: boolean
  joined: TimeView
}

export interface AdminAccountView extends AdminView {
  account: AccountView
  /** The report that its reader came from and goes back to after an act: every form sends its id along. */
  report: { id: string; path: string } | undefined
  /** Why an act was not done, when no field of its form is to blame. */
  error: string | undefined
  stateText: string
  isBad: boolean
  /** Label and value in order: e-mail, role, joined, last seen, posts, followers, sign-up reason, host … */
  facts: { label: string; value: string }[]
  /** Form for the role; undefined where this moderator may not change it. */
  role: { path: string; choice: ChoiceView } | undefined
  /** Forms that need a reason: suspend, lift, silence; each shows a text field `reason`. */
  acts: { path: string; id: string; label: string; explanation: string; isDangerous: boolean; reason: InputView }[]
  /** Acts without a reason: approve, confirm e-mail, end sessions. */
  buttons: ButtonView[]
  /** Its limits of domain, its address on its own server. */
  links: LinkView[]
  reports: { path: string; text: string; time: TimeView; stateText: string }[]
  audit: AuditRow[]
  posts: PostView[]
}

export interface AdminSignUpsView extends AdminView {
  error: string | undefined
  signUps: {
    account: AccountView
    email: string
    isEmailConfirmed: boolean
    reason: string
    time: TimeView
    approvePath: string
    rejectPath: string
    /** Text field `reason` of the form that rejects, which unfolds and stays open while something is wrong with it. */
    rejection: InputView
    /** Id of that field. */
    rejectionId: string
    isRejecting: boolean
  }[]
  pager: PagerView
}

export interface AdminReportsView extends AdminView {
  tabs: TabView[]
  reports: {
    path: string
    account: AccountView
    reporterText: string
    categoryText: string
    comment: string
    postCount: number
    time: TimeView
  }[]
  pager: PagerView
}

export interface AdminReportView extends AdminView {
  id: string
  account: AccountView
  accountPath: string
  /** Handle of the reporter, or the host when a peer sent it. */
  reporterText: string
  categoryText: string
  comment: string
  time: TimeView
  stateText: string
  isOpen: boolean
  /** Handle of the moderator who looks after it. */
  assigneeText: string | undefined
  /** Server that was sent a copy; undefined when none was. */
  forwardedTo: string | undefined
  /** The copies kept when the report was filed: they stand even after a delete. */
  posts: {
    contentHtml: string
    warning: string | undefined
    time: TimeView /** Without an address once nobody can see it any more. */
    pictures: { url: string | undefined; alt: string }[]
    path: string | undefined
    isGone: boolean
  }[]
  notes: { author: string; text: string; time: TimeView }[]
  notePath: string
  note: InputView
  /** Resolve, Reopen, Assign to me. */
  buttons: ButtonView[]
  /** Links to the acts on the account: suspend and so on live on its page. */
  links: LinkView[]
  /** The open report to look at after this one, which is the first thing to do once this one is closed; undefined when no other is open. */
  next: { path: string; isPrimary: boolean } | undefined
}

export interface AdminDomainsView extends AdminView {
  path: string
  error: string | undefined
  domain: InputView
  severity: ChoiceView
  reason: InputView
  /** Part of a domain to look for. */
  query: InputView
  blocks: {
    changePath: string
    domain: string
    severityText: string
    reason: string
    time: TimeView
    accountCount: number
    liftPath: string
  }[]
  pager: PagerView
}

export interface AdminInvitesView extends AdminView {
  path: string
  error: string | undefined
  /** False while sign-up is not by invitation: they can be made, and serve nothing yet. */
  isInUse: boolean
  uses: InputView
  days: InputView
  invites: {
    /** The address to hand on. */
    url: string
    stateText: string
    isOpen: boolean
    makerText: string
    usedCount: number
    usesLeft: number
    expires: TimeView | undefined
    time: TimeView
    /** POST; undefined once nobody can use it. */
    revokePath: string | undefined
  }[]
  pager: PagerView
}

export interface AdminQueueView extends AdminView {
  /** Jobs and deliveries by lane. */
  lanes: { label: string; waiting: string; running: string; held: string; failed: string; oldest: string; isBad: boolean }[]
  failed: { label: string; error: string; attempts: number; time: TimeView; retryPath: string | undefined; retryName: string; id: string }[]
  /** True when more failed than are listed. */
  hasMore: boolean
  /** POST that tries all of them again; undefined when nothing failed, or for those who may not. */
  retryAllPath: string | undefined
}

export interface AdminRetentionView extends AdminView {
  path: string
  error: string | undefined
  strangerPostDays: InputView
  followedPostDays: InputView
  remotePostsMax: InputView
  pictureDays: InputView
  strangerAccountDays: InputView
  preview: RetentionPassView | undefined
  lastSweep: RetentionPassView | undefined
}

export interface RetentionPassView {
  /** "Looked at 3,000 of about 10,000 posts" while it runs; undefined once it has ended. */
  progress: string | undefined
  time: TimeView
  /** The limits it went by, as sentences. */
  limits: string[]
  posts: string
  pictures: string
  accounts: string
  /** A few of the posts, by their author and date. */
  samples: { label: string; path: string }[]
}

export interface AdminAuditView extends AdminView {
  /** Part of what the target is called. */
  query: InputView
  act: ChoiceView
  rows: AuditRow[]
  pager: PagerView
}

export interface AuditRow {
  time: TimeView
  /** Handle of the person, or "operator" in words. */
  who: string
  /** The act as a finished sentence: "suspended @bob@evil.example". */
  what: string
  targetPath: string | undefined
  reason: string | undefined
}

export interface AdminSettingsView extends AdminView {
  path: string
  error: string | undefined
  name: InputView
  description: InputView
  contactEmail: InputView
  signUp: ChoiceView
  /** One rule a line. */
  rules: InputView
  postCharactersMax: InputView
  linkPreviews: CheckView
  sourceUrl: InputView
  timeZone: ChoiceView
  language: ChoiceView | undefined
}

export interface AdminWelcomeView extends AdminView {
  path: string
  error: string | undefined
  text: InputView
  handles: InputView
  tags: InputView
  handlesHint: string
  tagsHint: string
  charactersMax: number
}
