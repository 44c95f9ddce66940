import { sql } from 'drizzle-orm'
import { bool, index, int, json, primaryKey, table, text, time } from '#db/table.ts'

export const domainLimits = table('domain_limits', {
  /** Normalised domain; it holds for every subdomain too. */
  domain: text().primaryKey(),
  severity: text<'suspend' | 'silence'>().notNull(),
  reason: text().notNull().default(''),
  createdAt: time().notNull()
})

export const reports = table(
  'reports',
  {
    id: int().primaryKey(),
    /** Who reported (a local person or a remote actor). */
    reporterId: int().notNull(),
    targetId: int().notNull(),
    comment: text().notNull().default(''),
    category: text<'spam' | 'rules' | 'legal' | 'other'>().notNull().default('other'),
    /** Whoever reported wants the moderators of the account's own server to hear of it, without a name. */
    isForwarded: bool().notNull().default(false),
    /** The moderator who looks after it; null while nobody does. */
    assignedTo: int(),
    /** Null while it waits. */
    handledAt: time(),
    handledBy: int(),
    createdAt: time().notNull()
  },
  (t) => [
    index('reports_waiting').on(t.id).where(sql`handled_at is null`),
    index('reports_target').on(t.targetId),
    index('reports_reporter').on(t.reporterId)
  ]
)

export interface PostCopy {
  uri: string
  html: string
  warning: string
  createdAt: number
  media: { alt: string; key: string }[]
}

/** The reported posts, copied as they stood, since the original may be edited or deleted. */
export const reportPosts = table(
  'report_posts',
  {
    reportId: int()
      .notNull()
      .references(() => reports.id, { onDelete: 'cascade' }),
    postId: int().notNull(),
    copy: json<PostCopy>().notNull()
  },
  (t) => [primaryKey({ columns: [t.reportId, t.postId] }), index('report_posts_post').on(t.postId)]
)

/** What moderators write down about a report, for one another. */
export const reportNotes = table(
  'report_notes',
  {
    id: int().primaryKey(),
    reportId: int()
      .notNull()
      .references(() => reports.id, { onDelete: 'cascade' }),
    authorId: int().notNull(),
    text: text().notNull(),
    createdAt: time().notNull()
  },
  (t) => [index('report_notes_report').on(t.reportId, t.id)]
)

/** Every act of moderation: who, what, whom, why. Only ever added to. */
export const auditEntries = table(
  'audit_entries',
  {
    id: int().primaryKey(),
    /** `account` with actorId, or `operator` (command line) or `instance` (a rule) without. */
    actorKind: text<'account' | 'operator' | 'instance'>().notNull(),
    actorId: int(),
    /** Past tense with hyphens: `account-suspended`. */
    act: text().notNull(),
    targetKind: text<'account' | 'domain' | 'post' | 'report' | 'setting' | 'invite' | 'relay' | 'trend' | 'emoji'>().notNull(),
    /** Id or name of the target. */
    target: text().notNull(),
    /** The target as people know it (a handle, a domain), as it was then. */
    targetLabel: text().notNull(),
    reason: text().notNull().default(''),
    details: json<Record<string, unknown>>().notNull().default({}),
    createdAt: time().notNull()
  },
  (t) => [index('audit_entries_target').on(t.targetKind, t.target, t.id), index('audit_entries_act').on(t.act, t.id)]
)

/** What admins change while the instance runs. */
export const settings = table('settings', {
  key: text().primaryKey(),
  value: json<unknown>().notNull(),
  updatedAt: time().notNull()
})

/** What may never change once it is known to others: origin, handle domain, the time of the first start. */
export const instanceFacts = table('instance_facts', {
  key: text().primaryKey(),
  value: text().notNull()
})
