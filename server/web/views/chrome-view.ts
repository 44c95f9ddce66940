import type { AccountView } from '#server/web/views/account-view.ts'
import type { LinkView } from '#server/web/views/form-view.ts'

/** A place in the navigation. */
export interface NavItemView {
  path: string
  label: string
  /** Name of a symbol in views/icons.svg. */
  icon: string
  isCurrent: boolean
  /** Unread or waiting; 0 shows no badge. */
  count: number
  /** The number of the badge, "99+" for more than that. */
  badge: string
  /** The badge in words for screen readers, e.g. "3 unread"; empty when count is 0. */
  countText: string
}

export interface NavView {
  /** At most four: the bottom bar of a phone, the top of the side column elsewhere. */
  main: NavItemView[]
  /** The rest, in groups that belong together: behind Menu on a phone, below the others elsewhere. Empty for those not signed in. */
  more: NavItemView[][]
}

/** A short word about what just happened ("Your post is out."), shown once at the top of the page. */
export interface FlashView {
  tone: 'good' | 'bad' | 'plain'
  text: string
}

/** Everything around a page. */
export interface ChromeView {
  /** BCP 47 of the page's words and their direction. */
  language: string
  direction: 'ltr' | 'rtl'
  /** The reader's setting; `auto` follows the device. */
  theme: 'auto' | 'light' | 'dark'
  /** Classes of the document for what a reader chose beyond colours; empty for most. */
  look: string
  /** Single keys act on the page, where JavaScript runs. */
  hasShortcuts: boolean
  /** Document title without the instance's name, which the layout adds. */
  title: string
  instanceName: string
  /** The signed-in person. */
  viewer: AccountView | undefined
  nav: NavView
  /** Where the name of the instance leads: `/home` or `/`. */
  homePath: string
  /** Token of the hidden field `csrf`; empty on pages that may be cached for everybody (they have no POST form). */
  csrf: string
  /** Path and query of this page, the value of the hidden field `returnTo`. */
  returnTo: string
  flash: FlashView | undefined
  /** What holds for the reader on every page: their account has moved away. */
  notice: { text: string; link: LinkView } | undefined
  /** Address of the same thing as ActivityPub, for `rel="alternate"`. */
  alternateUrl: string | undefined
  /** Absolute address under which this page should be known; undefined where it does not matter. */
  canonicalUrl: string | undefined
  /** For link previews and search engines: plain text of at most 200 characters. */
  description: string | undefined
  /** False writes a `robots` noindex. */
  isIndexable: boolean
}
