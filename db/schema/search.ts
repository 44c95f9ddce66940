import { index, int, primaryKey, table, text, time } from '#db/table.ts'

/**
 * Every word that stands in the index of posts, so that the beginning of a word leads to a few words in full; those of posts that are not for everybody once for
 * each who may find them (`ownWord` in server/search/marks.ts). The index itself is no table that drizzle
 * knows: see db/by-hand and db/search-index.ts.
 */
export const searchWords = table('search_words', { word: text().primaryKey() })

/** How far the index has come with posts that were here before it, or before its rules changed: one row. */
export const searchPasses = table('search_passes', {
  id: int().primaryKey(),
  /** The rules by which texts are cut into words (server/search/fold.ts); others begin a new pass. */
  rules: int().notNull(),
  /** Posts below this id are still to come, the newest first. */
  beforeId: int().notNull(),
  looked: int().notNull().default(0),
  startedAt: time().notNull(),
  /** Null while it runs. */
  endedAt: time()
})

/** People that somebody does not want to be shown as suggestions. */
export const dismissedSuggestions = table(
  'dismissed_suggestions',
  {
    accountId: int().notNull(),
    targetId: int().notNull(),
    createdAt: time().notNull()
  },
  (t) => [primaryKey({ columns: [t.accountId, t.targetId] }), index('dismissed_suggestions_target').on(t.targetId)]
)
