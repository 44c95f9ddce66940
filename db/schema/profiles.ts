import { index, int, primaryKey, table, text, time, uniqueIndex } from '#db/table.ts'

/** What somebody of ours notes for themselves about an account; nobody else sees it. */
export const accountNotes = table(
  'account_notes',
  {
    ownerId: int().notNull(),
    accountId: int().notNull(),
    text: text().notNull(),
    updatedAt: time().notNull()
  },
  (t) => [primaryKey({ columns: [t.ownerId, t.accountId] }), index('account_notes_account').on(t.accountId)]
)

/** Hashtags that somebody of ours shows on their profile, as ways to what they wrote with them. */
export const featuredTags = table(
  'featured_tags',
  {
    id: int().primaryKey(),
    accountId: int().notNull(),
    /** Lower case, without the hash sign. */
    tag: text().notNull(),
    createdAt: time().notNull()
  },
  (t) => [uniqueIndex('featured_tags_once').on(t.accountId, t.tag)]
)
