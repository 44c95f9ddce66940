import type { NotificationKind } from '#db/schema/notifications.ts'
import type { AccountView } from '#server/web/views/account-view.ts'
import type { PostView } from '#server/web/views/post-view.ts'
import type { ButtonView } from '#server/web/views/form-view.ts'
import type { TimeView } from '#server/web/views/time-view.ts'

/** One row of the notifications page: one deed, or several that tell of the same. Mentions, quotes and posts show the whole post, the others an excerpt. */
export interface NotificationView {
  id: string
  /** `several`: what was done with one post, in more than one way. */
  kind: Exclude<NotificationKind, 'follow-request' | 'community-ban' | 'approval-request'> | 'request' | 'ban' | 'approval' | 'several'
  /** Who did it, or the last who did. */
  account: AccountView
  /** False for what nobody of the fediverse did: then no handle is shown. */
  isOfPerson: boolean
  /** Of several people, the last ones, the one named included; else empty. */
  faces: AccountView[]
  /** People besides the one who is named. */
  othersCount: number
  /** Finished numbers of what was done ("3 favourites"), for `several`. */
  tally: string[]
  time: TimeView
  isUnread: boolean
  /** The post itself, where it is there to be read. */
  post: PostView | undefined
  /** The post that it is about: its page and the first words as plain text (at most 120 characters); or what else there is to say, and where. */
  excerpt: { path: string; text: string } | undefined
  /** What somebody reacted with, as HTML; empty for other kinds. */
  emojiHtml: string
  /** Accept and Reject of a follow request, Follow back of a follow, what becomes of whoever waits apart. */
  buttons: ButtonView[]
}
