import { accounts } from '#db/schema/accounts.ts'
import { bool, index, int, json, primaryKey, table, text, time } from '#db/table.ts'

/** Where a filter works: home with its lists, notifications, public lists (also of tags and searches), conversations, profiles. */
export type FilterPlace = 'home' | 'notifications' | 'public' | 'thread' | 'account'

/** What becomes of a post it finds: folded behind its title, shown with its pictures folded, left out. */
export type FilterAction = 'warn' | 'blur' | 'hide'

export const filters = table(
  'filters',
  {
    id: int().primaryKey(),
    accountId: int()
      .notNull()
      .references(() => accounts.id),
    title: text().notNull(),
    action: text<FilterAction>().notNull(),
    places: json<FilterPlace[]>().notNull(),
    /** Null never ends. One that has ended stays, and does nothing. */
    expiresAt: time(),
    createdAt: time().notNull()
  },
  (t) => [index('filters_account').on(t.accountId, t.id)]
)

export const filterKeywords = table(
  'filter_keywords',
  {
    id: int().primaryKey(),
    filterId: int()
      .notNull()
      .references(() => filters.id, { onDelete: 'cascade' }),
    /** As it was typed. */
    keyword: text().notNull(),
    isWholeWord: bool().notNull()
  },
  (t) => [index('filter_keywords_filter').on(t.filterId, t.id)]
)

/** Single posts that a filter is for, whatever they say. */
export const filterPosts = table(
  'filter_posts',
  {
    filterId: int()
      .notNull()
      .references(() => filters.id, { onDelete: 'cascade' }),
    postId: int().notNull(),
    createdAt: time().notNull()
  },
  (t) => [primaryKey({ columns: [t.filterId, t.postId] }), index('filter_posts_post').on(t.postId)]
)
