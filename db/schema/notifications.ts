import { index, int, table, text, time, uniqueIndex } from '#db/table.ts'

export type NotificationKind =
  | 'mention'
  | 'post'
  | 'follow'
  | 'follow-request'
  | 'favourite'
  | 'boost'
  | 'quote'
  | 'approval-request'
  | 'refused'
  | 'reaction'
  | 'edit'
  | 'poll'
  | 'draft'
  | 'move'
  | 'community-ban'

export const notifications = table(
  'notifications',
  {
    id: int().primaryKey(),
    /** Whom it tells. */
    accountId: int().notNull(),
    kind: text<NotificationKind>().notNull(),
    fromId: int().notNull(),
    /** The post it is about; 0 for those about a person, so that the unique key holds. */
    postId: int().notNull().default(0),
    createdAt: time().notNull()
  },
  (t) => [
    uniqueIndex('notifications_once').on(t.accountId, t.kind, t.fromId, t.postId),
    index('notifications_account').on(t.accountId, t.id),
    index('notifications_post').on(t.postId)
  ]
)
