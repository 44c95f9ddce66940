import type { NotificationKind } from '#db/schema/notifications.ts'
import type { AccountView } from '#server/web/views/account-view.ts'
import type { PostView } from '#server/web/views/post-view.ts'
import type { ButtonView } from '#server/web/views/form-view.ts'
import type { TimeView } from '#server/web/views/time-view.ts'

/** One row of the notifications page. A mention shows the whole post (it is there to be answered), the others an excerpt. */
export interface NotificationView {
  id: string
  kind: Exclude<NotificationKind, 'follow-request' | 'community-ban' | 'approval-request'> | 'request' | 'ban' | 'approval'
  account: AccountView
  time: TimeView
  isUnread: boolean
  /** The mentioning post; only for kind mention. */
  post: PostView | undefined
  /** The post that was favourited or boosted: its page and the first words as plain text (at most 120 characters); of a community that keeps one out, why and until when. */
  excerpt: { path: string; text: string } | undefined
  /** What somebody reacted with, as HTML; empty for other kinds. */
  emojiHtml: string
  /** Accept and Reject of a follow request, Follow back of a follow. */
  buttons: ButtonView[]
}
