/** A page that a post links to, by what it says of itself. */
export interface LinkCardView {
  url: string
  /** Where the link leads, always shown: the page may call itself anything. */
  host: string
  title: string
  /** Empty when it says nothing, or forbids an excerpt. */
  description: string
  picture: { url: string; width: number; height: number } | undefined
  /** The picture is wide enough to stand above the text on a phone. */
  isWide: boolean
  /** Who wrote it, as far as they are known here and say themselves that the site may name them. */
  credit: { nameHtml: string; handle: string; path: string } | undefined
  /** Its links take part in the order of Tab: on the post's own page; in a list the text has the link already. */
  isInTabs: boolean
}
