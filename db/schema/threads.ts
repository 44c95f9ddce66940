import { bool, index, int, json, primaryKey, table, text, time } from '#db/table.ts'

/** One pull of what is missing of a thread from other servers, in many small steps. */
export const threadPulls = table(
  'thread_pulls',
  {
    id: int().primaryKey(),
    /** The thread as far as it is known; follows when its root is found. */
    threadId: int().notNull(),
    /** The post that was opened. */
    anchorId: int().notNull(),
    /** Requests that may still be made. */
    fetchesLeft: int().notNull(),
    /** Posts found. */
    postsCount: int().notNull().default(0),
    /** Servers that did not give what was asked of them. */
    missingHosts: json<string[]>().notNull().default([]),
    missingCount: int().notNull().default(0),
    startedAt: time().notNull(),
    /** Null while it is under way. */
    endedAt: time(),
    /** Not before then is it pulled again. */
    againAt: time().notNull()
  },
  (t) => [index('thread_pulls_thread').on(t.threadId, t.id), index('thread_pulls_running').on(t.endedAt)]
)

/** What a pull is to look at, or has looked at; gone once it has ended. */
export const threadSources = table(
  'thread_sources',
  {
    pullId: int().notNull(),
    url: text().notNull(),
    kind: text<'post' | 'replies' | 'context'>().notNull(),
    /** Steps from the post that was opened. */
    depth: int().notNull(),
    /** A post here that leads there, straight or by a list; null for what was noted before this was kept. */
    postId: int(),
    isDone: bool().notNull().default(false)
  },
  (t) => [primaryKey({ columns: [t.pullId, t.url] }), index('thread_sources_waiting').on(t.pullId, t.isDone, t.depth)]
)
