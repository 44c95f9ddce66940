import type { TabView } from '#server/web/views/page-views.ts'
import type { PagerView } from '#server/web/views/post-view.ts'

/** `/emoji`: the custom emoji of this instance. */
export interface EmojiPageView {
  /** Categories; none where there is only one. */
  tabs: TabView[]
  groups: {
    heading: string
    /** The picture, what is typed for it, and what it shows (empty: its code says it). */
    emojis: { emojiHtml: string; code: string; alt: string }[]
  }[]
  /** Why there are none; undefined where there are. */
  emptyText: string | undefined
  pager: PagerView
}
