import type { AccountView } from '#server/web/views/account-view.ts'
import type { TimeView } from '#server/web/views/time-view.ts'

/** What a post quotes: the quoted post as a card, or a sentence that says why it is not shown. */
export interface QuoteView {
  /** Undefined when the quoted post is not shown. */
  card: QuoteCardView | undefined
  /** Why nothing is shown ("This quote waits for its author's consent."); undefined beside a card. */
  text: string | undefined
  /** Address of the quoted post where a reader may go on from here; undefined where there is nothing to see for them. */
  url: string | undefined
}

export interface QuoteCardView {
  /** Page of the quoted post here. */
  path: string
  author: AccountView
  time: TimeView
  /** Sanitised HTML. */
  contentHtml: string
  language: string | undefined
  /** Content warning, as text; the content is folded behind it. */
  warning: string | undefined
  /** "2 images" in words; undefined without any. */
  mediaText: string | undefined
  /** Said of quotes by servers that ask nobody; undefined when its author agreed. */
  mark: string | undefined
}
