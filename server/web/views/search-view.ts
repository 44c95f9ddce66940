import type { AccountCardView } from '#server/web/views/account-view.ts'
import type { InputView, LinkView } from '#server/web/views/form-view.ts'
import type { PagerView, PostView } from '#server/web/views/post-view.ts'

export interface SearchView {
  query: InputView
  /** True once something was searched. */
  hasResults: boolean
  accounts: AccountCardView[]
  posts: PostView[]
  tags: LinkView[]
  /** A sentence when nothing was found, or when a peer did not answer. */
  notice: string | undefined
  /** What was tried to find a handle or an address that came to nothing, in order; `detail` is for moderators. */
  steps: { text: string; isOk: boolean; detail: string | undefined }[]
  /** Where to go on after the notice: to sign in. */
  noticeLink: LinkView | undefined
  pager: PagerView
}
