import type { AccountView } from '#server/web/views/account-view.ts'
import type { ButtonView } from '#server/web/views/form-view.ts'
import type { TabView } from '#server/web/views/page-views.ts'
import type { PagerView, PostView } from '#server/web/views/post-view.ts'
import type { TimeView } from '#server/web/views/time-view.ts'

/** Who asks to quote, answer, boost or favourite posts of the reader's. */
export interface ApprovalsView {
  tabs: TabView[]
  requests: {
    id: string
    kind: 'quote' | 'reply' | 'like' | 'announce'
    /** Name of the drawing. */
    icon: string
    account: AccountView
    time: TimeView
    /** The reader's post that it is about: its page and first words. */
    target: { path: string; text: string }
    /** The quoting post or the reply, when it is here and the reader may see it. */
    post: PostView | undefined
    /** Approve and Refuse. */
    buttons: ButtonView[]
  }[]
  pager: PagerView
}
