import { index, int, primaryKey, table, text, time, uniqueIndex } from '#db/table.ts'

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
  | 'severed'

export const notifications = table(
  'notifications',
  {
    id: int().primaryKey(),
    /** Whom it tells. */
    accountId: int().notNull(),
    kind: text<NotificationKind>().notNull(),
    /** Whose deed it tells of; of `severed`, the row of severances: no account has its id. */
    fromId: int().notNull(),
    /** The post it is about; 0 for those about a person, so that the unique key holds. */
    postId: int().notNull().default(0),
    createdAt: time().notNull()
  },
  (t) => [
    uniqueIndex('notifications_once').on(t.accountId, t.kind, t.fromId, t.postId),
    index('notifications_account').on(t.accountId, t.id),
    index('notifications_post').on(t.postId),
    index('notifications_from').on(t.fromId)
  ]
)

/** Senders whose notifications somebody always wants among the others, whatever their policy says. */
export const notificationSenders = table(
  'notification_senders',
  {
    accountId: int().notNull(),
    fromId: int().notNull(),
    createdAt: time().notNull()
  },
  (t) => [primaryKey({ columns: [t.accountId, t.fromId] }), index('notification_senders_from').on(t.fromId)]
)

/** What one of ours cannot reach since a moderator suspended a server: the follows stay, and come back when that is lifted. */
export const severances = table(
  'severances',
  {
    id: int().primaryKey(),
    accountId: int().notNull(),
    domain: text().notNull(),
    /** Whom they follow there, and who follows them from there, as it was at the time. */
    followingCount: int().notNull(),
    followersCount: int().notNull(),
    createdAt: time().notNull()
  },
  (t) => [uniqueIndex('severances_once').on(t.accountId, t.domain)]
)
