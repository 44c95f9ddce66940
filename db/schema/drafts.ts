import { sql } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import type { Visibility } from '#db/schema/posts.ts'
import { bool, index, int, json, table, text, time, uniqueIndex } from '#db/table.ts'

/** One post of a draft: a thread has several, each going on from the one before. */
export interface DraftPart {
  text: string
  /** Its pictures, in the order they are shown; their words stand in their own rows. */
  mediaIds: number[]
}

/** A poll as it was typed, empty options included. */
export interface DraftedPoll {
  options: string[]
  isMultiple: boolean
  /** Seconds; null when none was chosen. */
  lastsS: number | null
}

/** Why a draft was not published at its time: a message of the catalogue, and what fills it. */
export interface DraftFailure {
  /** When it was to be published. */
  at: number
  key: string
  values: Record<string, string | number>
}

/** What people write and have not published, as they typed it: nothing of it is checked before it is published. */
export const drafts = table(
  'drafts',
  {
    id: int().primaryKey(),
    accountId: int()
      .notNull()
      .references(() => accounts.id),
    /** Key of the form it is written in: sent or kept twice, it stays one draft and becomes one post. */
    key: text().notNull(),
    parts: json<DraftPart[]>().notNull(),
    warning: text().notNull().default(''),
    visibility: text<Visibility>().notNull(),
    /** Null when none was said. */
    language: text(),
    isSensitive: bool().notNull().default(false),
    isLocalOnly: bool().notNull().default(false),
    isMarkdown: bool().notNull().default(false),
    /** Null when it asks nothing. */
    poll: json<DraftedPoll>(),
    /** Who may quote, answer, boost and like it, by column, in the words of policy-choices.ts. */
    policies: json<Record<string, string>>().notNull(),
    /** What it answers and quotes; null for nothing. The post may be gone meanwhile. */
    replyToId: int(),
    quoteId: int(),
    /** When it is to be published; null for no time. It is only once `isScheduled`. */
    publishAt: time(),
    isScheduled: bool().notNull().default(false),
    /** Null unless publishing it by the clock was refused. */
    failure: json<DraftFailure>(),
    /** 1 for the first; each change adds one. */
    version: int().notNull().default(1),
    createdAt: time().notNull(),
    updatedAt: time().notNull()
  },
  (t) => [
    uniqueIndex('drafts_key').on(t.accountId, t.key),
    index('drafts_account').on(t.accountId, t.updatedAt),
    index('drafts_scheduled').on(t.accountId, t.publishAt).where(sql`is_scheduled`),
    index('drafts_idle').on(t.updatedAt).where(sql`not is_scheduled`)
  ]
)
