import { bool, index, int, primaryKey, table, text, time } from '#db/table.ts'

export type TrendKind = 'tag' | 'post' | 'link'

/** What many talk about these days, with what moderators decided of it. Written by a scheduled job; what is old and undecided goes. */
export const trends = table(
  'trends',
  {
    kind: text<TrendKind>().notNull(),
    /** Key of the tag, id of the post, or address of the link. */
    key: text().notNull(),
    /** What it is ordered by; 0 when it was not among the lists of the last run. */
    score: int().notNull(),
    /** Different people in the last run, of one server 5 at most. */
    people: int().notNull(),
    posts: int().notNull(),
    /** Null while nobody decided. */
    isApproved: bool(),
    decidedBy: int(),
    decidedAt: time(),
    firstAt: time().notNull(),
    /** When it was last among the lists. */
    seenAt: time().notNull()
  },
  (t) => [primaryKey({ columns: [t.kind, t.key] }), index('trends_score').on(t.kind, t.score)]
)
