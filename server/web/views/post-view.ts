import type { AccountView } from '#server/web/views/account-view.ts'
import type { PollView } from '#server/web/views/poll-view.ts'
import type { MenuItemView } from '#server/web/views/menu-view.ts'
import type { ButtonView, InputView, LinkView } from '#server/web/views/form-view.ts'
import type { LinkCardView } from '#server/web/views/link-card-view.ts'
import type { QuoteView } from '#server/web/views/quote-view.ts'
import type { TimeView } from '#server/web/views/time-view.ts'

/** An image (later also sound and film) of a post. */
export interface MediaView {
  /** The picture as shown in the page (bounded size). */
  url: string
  /** The picture in full size; the image links there. */
  fullUrl: string
  /** Pixels of `url`; both are set on the element so that the page does not jump. */
  width: number
  height: number
  /** Alternative text, printed under the image as its caption; empty when the author gave none (the caption then says so). */
  alt: string
  /** Alt and caption of a first or only image read "Image", those of several "Image 2 of 3". */
  position: number
  total: number
  /** One of several: they all have one shape, and show what lies around `focus`. */
  isCropped: boolean
  /** CSS `object-position` class, `focus-top` … `focus-centre`. */
  focus: string
  /** A tiny picture that shows until the picture is there; undefined where it would shine through. */
  behindUrl: string | undefined
  /** The same, shown in place of a picture that starts hidden. */
  veilUrl: string
}

/** The post this one answers. */
export interface ReplyToView {
  name: string
  /** The same with custom emoji. */
  nameHtml: string
  handle: string
  /** Page of the answered post here; undefined when we do not have it or this viewer may not see it. */
  path: string | undefined
}

/** One emoji under a post. */
export interface ReactionView {
  /** What the form sends. */
  value: string
  /** The emoji, or the picture of a custom one. */
  emojiHtml: string
  count: number
  /** The reader is among them. */
  isOwn: boolean
  /** POST: joins in or takes back, by `isOwn`; undefined for whoever may not. */
  path: string | undefined
  /** "👍, 3 people". */
  name: string
}

/** A form for one emoji. */
export interface ReactionPickerView {
  path: string
  choices: { emoji: string; name: string }[]
  /** Custom emoji of this instance, by category; `emojiHtml` is the picture. */
  own: { value: string; emojiHtml: string; name: string }[]
  /** There are more than are shown. */
  hasMore: boolean
  typed: InputView
}

/** Who brought the post into this timeline. */
export interface BoostedByView {
  name: string
  /** The same with custom emoji. */
  nameHtml: string
  handle: string
  path: string
  time: TimeView
}

/** What a signed-in person may do; each path is where the button posts or the link leads, undefined where they may not. */
export interface PostActionsView {
  /** GET: the thread page with the composer open (`/@ana/123#reply` or `/posts/123/reply`). */
  replyPath: string | undefined
  /** POST: does or undoes, by `isBoosted`. Undefined when the audience forbids boosting; the button is then left out. */
  boostPath: string | undefined
  /** POST: does or undoes, by `isFavourited`. */
  favouritePath: string | undefined
  /** POST: does or undoes, by `isBookmarked`. */
  bookmarkPath: string | undefined
  /** Keys find the bookmark in the menu: a vote takes its stop. */
  isBookmarkInMenu: boolean
  /** What is done more rarely, behind "More"; what cannot be undone comes last. */
  more: MenuItemView[]
}

export interface PostView {
  /** Decimal id of the post itself, never of the boost. */
  id: string
  /** Id attribute of the article, unique on the page, and anchor to come back to: `post-<id>`. */
  anchor: string
  /** Page of the post here: `/@ana/123` or `/@ana@host/123`. */
  path: string
  /** Address of the post on its own server; equals our absolute URL for local posts. */
  url: string
  isLocal: boolean
  author: AccountView
  boostedBy: BoostedByView | undefined
  /** Stands first on the profile because its author wants it so. */
  isPinned: boolean
  replyTo: ReplyToView | undefined
  /** Sanitised HTML. */
  contentHtml: string
  /** Language of the content as BCP 47, or undefined when unknown. */
  language: string | undefined
  /** Content warning as plain text; undefined when there is none. */
  warning: string | undefined
  /** The same with custom emoji; empty when there is none. */
  warningHtml: string
  /** True when the content behind a warning starts open (focused post, or the reader's setting). */
  isWarningOpen: boolean
  /** What the pictures are folded behind though the text is not ("Sensitive pictures", "Filtered: spiders"); undefined when they are shown. */
  mediaFold: string | undefined
  /** What the whole post is folded behind ("Filtered: spiders"); undefined for nearly all. */
  filterFold: string | undefined
  media: MediaView[]
  /** What it asks; undefined when it asks nothing. */
  poll: PollView | undefined
  /** What it quotes; undefined when it quotes nothing. */
  quote: QuoteView | undefined
  /** What the page says of itself that the text links to first; undefined where there are pictures or a quote, and as long as nothing is known. */
  linkCard: LinkCardView | undefined
  /** A sentence above a post that only some see ("Waits for approval by Ana."); undefined for nearly all. */
  notice: string | undefined
  /** The emoji left under it, the first one first. */
  reactions: ReactionView[]
  /** Who left them; undefined when nobody did. */
  reactionsPath: string | undefined
  /** On its own page all its links take part in the order of Tab; in a list only what is named here does, so that a post is six stops or fewer. */
  isFocused: boolean
  /** False where something else of the post takes the author's place in the order of Tab; the menu leads to the author too. */
  isAuthorInTabs: boolean
  /** Set on the post's own page for whoever may react. */
  reactionPicker: ReactionPickerView | undefined
  /** Which icon stands beside the words. */
  visibility: 'public' | 'unlisted' | 'followers' | 'direct'
  /** "Public", "Quiet public", "Followers", "Direct" in words; undefined for a public post in a list, where it goes without saying. */
  visibilityText: string | undefined
  /** Only people here see it, of those: a mark of its own says so. */
  isLocalOnly: boolean
  time: TimeView
  /** When it was last edited; the mark links to `historyPath`. */
  edited: TimeView | undefined
  historyPath: string | undefined
  replyCount: number
  boostCount: number
  favouriteCount: number
  isBoosted: boolean
  isFavourited: boolean
  isBookmarked: boolean
  isOwn: boolean
  /** Undefined for readers who are not signed in: they see counts, no buttons. */
  actions: PostActionsView | undefined
}

/** A list of posts with its way to older ones. */
export interface TimelineView {
  /** Newest first; with a line, those above it. */
  posts: PostView[]
  /** Drawn between what was not read yet and what was; undefined where it does not fall between posts of this page. */
  line: string | undefined
  /** Below the line. */
  below: PostView[]
  /** At the end of a page that was asked for from below: what the reader had come up from. */
  cameFrom: string | undefined
  /** How many posts came since the reader began to page, and the page of those just above: nothing is skipped. */
  newer: LinkView | undefined
  /** The page right above this one; undefined on the newest, and where a list is only read downwards. */
  newerPath: string | undefined
  /** Says that what stands on this page was read; undefined where nothing is marked. */
  markRead: ButtonView | undefined
  pager: PagerView
  /** Finished text when there are no posts ("Nothing here yet …"). */
  emptyText: string
}

/** Keyset paging: a page may be short and still have an older one. */
export interface PagerView {
  olderPath: string | undefined
  /** Back to the first page; undefined on it. */
  newestPath: string | undefined
}
