import { index, int, json, table, text, time } from '#db/table.ts'

/** What of other servers is kept, and for how long; 0 keeps it. */
export interface RetentionLimits {
  /** Days an untouched post is kept whose author nobody here follows. */
  strangerPostDays: number
  /** Days an untouched post is kept whose author somebody here follows. */
  followedPostDays: number
  /** So many posts of other servers are kept; beyond them the oldest untouched ones go, whatever their age. */
  remotePostsMax: number
  /** Days a copy of a remote picture is kept; it is fetched again when somebody looks at it. */
  pictureDays: number
  /** Days after which an account goes that was not heard of, and on which nothing hangs; absent in passes of before this was. */
  strangerAccountDays?: number
}

/** One walk over what other servers sent: it removes what is beyond the limits, or only counts it (a preview). */
export const retentionPasses = table(
  'retention_passes',
  {
    id: int().primaryKey(),
    kind: text<'preview' | 'sweep'>().notNull(),
    limits: json<RetentionLimits>().notNull(),
    part: text<'posts' | 'pictures' | 'accounts'>().notNull().default('posts'),
    /** Last id looked at in this part. */
    afterId: int().notNull().default(0),
    /** Posts that are to go for their number alone, as it was at the start, less those gone since. */
    excessLeft: int().notNull().default(0),
    /** Posts of other servers when it began: what `postsSeen` goes towards. */
    postsTotal: int().notNull().default(0),
    postsSeen: int().notNull().default(0),
    postsOut: int().notNull().default(0),
    textBytesOut: int().notNull().default(0),
    picturesOut: int().notNull().default(0),
    pictureBytesOut: int().notNull().default(0),
    accountsOut: int().notNull().default(0),
    /** A few of the posts that would go, to look at. */
    samples: json<number[]>().notNull().default([]),
    startedAt: time().notNull(),
    endedAt: time()
  },
  (t) => [index('retention_passes_kind').on(t.kind, t.id)]
)
