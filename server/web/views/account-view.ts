import type { ButtonView, InputView, LinkView } from '#server/web/views/form-view.ts'
import type { MenuItemView } from '#server/web/views/menu-view.ts'
import type { TabView } from '#server/web/views/page-views.ts'
import type { PostView, TimelineView } from '#server/web/views/post-view.ts'
import type { TimeView } from '#server/web/views/time-view.ts'

/** The least one says about an account: a name, a handle that is always visible, a picture. */
export interface AccountView {
  id: string
  /** Display name for labels: neutralised (no bidi controls, bounded marks), without emoji; never empty: the bare name stands in for it. */
  name: string
  /** The same as HTML, with custom emoji. */
  nameHtml: string
  /** `@ana` for ours, `@ana@host` for a peer's. */
  handle: string
  /** Address on this server (or its media proxy), or undefined: the template then draws the first letter. */
  avatarUrl: string | undefined
  /** First letter of the name, upper case, shown when there is no picture. */
  initial: string
  /** Page of the account here: `/@ana` or `/@ana@host`. */
  path: string
  /** True for software that posts on its own; said in words. */
  isBot: boolean
}

/** A row of a list of people. */
export interface AccountCardView {
  account: AccountView
  /** Plain text of the first lines of the biography, at most 200 characters; empty when there is none. */
  note: string
  /** Follow, Unfollow, Cancel request, Accept, Reject, Unblock: the forms this viewer may use here, at most two, the first one first. */
  buttons: ButtonView[]
  /** "Follows you", "Request sent", "Muted" … in words. */
  badges: string[]
}

/** A label and value of the profile, as HTML with custom emoji; the value is sanitised. */
export interface ProfileFieldView {
  nameHtml: string
  valueHtml: string
  /** True when the linked page links back. */
  isVerified: boolean
}

export interface ProfileView {
  account: AccountView
  headerUrl: string | undefined
  /** Sanitised biography; empty string when there is none. */
  noteHtml: string
  fields: ProfileFieldView[]
  joined: TimeView | undefined
  /** "12 posts", "87 following", "431 followers": finished words, with the page they lead to; undefined where they lead nowhere. */
  counts: { text: string; path: string | undefined }[]
  /** Address of the profile on its own server, for peers only. */
  remoteUrl: string | undefined
  /** "Follows you", "Blocked", "Muted", "Suspended", "Moderator": finished words; a staff badge comes from the role, never from the name. */
  badges: string[]
  /** Main act: Follow, Unfollow, Cancel request, Unblock. Undefined for oneself and for strangers who are not signed in. */
  mainButton: ButtonView | undefined
  /** What else can be done, behind "More"; what asks first is a link to a confirm page. */
  moreItems: MenuItemView[]
  /** Tags its owner shows, with the way to what they wrote with them. */
  tags: LinkView[]
  /** Who of those the reader follows follows this account too; undefined when nobody does. */
  known: { faces: AccountView[]; text: string } | undefined
  /** The reader's note to themselves; undefined for oneself and for strangers. */
  note: NoteView | undefined
  /** Own profile only. */
  editPath: string | undefined
  /** Why there is nothing to see ("You have blocked this account."); undefined in the usual case. */
  notice: string | undefined
  /** Where to go on after the notice: the address an account moved to. */
  noticeLink: LinkView | undefined
}

/** The form for a note about somebody. */
export interface NoteView {
  path: string
  input: InputView
  charactersMax: number
  /** Unfolded where something is noted, or was refused. */
  isOpen: boolean
}

/** A profile with what its account wrote. */
export interface ProfilePageView {
  profile: ProfileView
  /** Posts, Posts and replies, Media. */
  tabs: TabView[]
  /** Whether older posts are on their way from the account's server, or why some are missing; undefined in the usual case. */
  history: { text: string; link: LinkView | undefined } | undefined
  /** What stands first, before the newest; empty but on the first page of Posts. */
  pinned: PostView[]
  timeline: TimelineView
}
