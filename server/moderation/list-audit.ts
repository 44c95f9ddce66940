import { and, asc, desc, eq, lt, sql } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { auditEntries } from '#db/schema/moderation.ts'
import type { Account } from '#server/accounts/who.ts'
import { accountsByIds } from '#server/posts/load-posts.ts'
import { contains, searchKey } from '#server/search/like-pattern.ts'
import { boundsOf, type Page } from '#server/timelines/pages.ts'

export type AuditRow = typeof auditEntries.$inferSelect

export interface AuditFilter {
  /** Empty for all. */
  act?: string
  /** Part of what the target is called. */
  query?: string
  targetKind?: AuditRow['targetKind']
  target?: string
}

export interface ListedAudit {
  entry: AuditRow
  /** Who did it; undefined for the operator and the instance. */
  actor: Account | undefined
}

/** What was done, the newest first. */
export async function listAudit(
  db: Reader,
  { act = '', query = '', targetKind, target }: AuditFilter,
  page: Page = {}
): Promise<{ rows: ListedAudit[]; olderCursor: number | undefined }> {
  const { before, rows: limit } = boundsOf(page)
  const key = searchKey(query)
  const found = await db
    .select()
    .from(auditEntries)
    .where(
      and(
        lt(auditEntries.id, before),
        act === '' ? undefined : eq(auditEntries.act, act),
        key === '' ? undefined : contains(sql`lower(${auditEntries.targetLabel})`, key),
        targetKind === undefined ? undefined : eq(auditEntries.targetKind, targetKind),
        target === undefined ? undefined : eq(auditEntries.target, target)
      )
    )
    .orderBy(desc(auditEntries.id))
    .limit(limit + 1)
  const shown = found.slice(0, limit)
  const people = await accountsByIds(
    db,
    shown.flatMap(({ actorId }) => actorId ?? [])
  )
  const rows = shown.map((entry) => ({ entry, actor: entry.actorId === null ? undefined : people.get(entry.actorId) }))
  return { rows, olderCursor: found.length > limit ? shown.at(-1)?.id : undefined }
}

/** The acts that ever happened, to choose from. */
export async function listActs(db: Reader): Promise<string[]> {
  const rows = await db.selectDistinct({ act: auditEntries.act }).from(auditEntries).orderBy(asc(auditEntries.act))
  return rows.map((row) => row.act)
}
