import { and, desc, eq, gt, inArray, isNotNull, isNull, lt, ne, sql } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { reportPosts, reports } from '#db/schema/moderation.ts'
import { type Account, requireRole, type Who } from '#server/accounts/who.ts'
import type { Report } from '#server/moderation/get-report.ts'
import { accountsByIds } from '#server/posts/load-posts.ts'
import { boundsOf, type Page } from '#server/timelines/pages.ts'

export const reportStates = ['open', 'mine', 'closed'] as const

export interface ReportFilter {
  state?: (typeof reportStates)[number]
  /** Only those about this account. */
  targetId?: number
}

export interface ListedReport {
  report: Report
  target: Account
  /** Undefined when the reporter is not known any more. */
  reporter: Account | undefined
  postCount: number
}

/** Reports, the newest first, without those about whoever asks. Refuses `forbidden` whoever is no moderator. */
export async function listReports(
  db: Reader,
  who: Who,
  { state, targetId }: ReportFilter,
  page: Page = {}
): Promise<{ rows: ListedReport[]; olderCursor: number | undefined }> {
  requireRole(who, 'moderator')
  const askerId = who.kind === 'account' ? who.account.id : 0
  const isInState = {
    open: isNull(reports.handledAt),
    mine: and(isNull(reports.handledAt), eq(reports.assignedTo, askerId)),
    closed: isNotNull(reports.handledAt)
  }
  const { before, rows: limit } = boundsOf(page)
  const found = await db
    .select()
    .from(reports)
    .where(
      and(
        lt(reports.id, before),
        ne(reports.targetId, askerId),
        state === undefined ? undefined : isInState[state],
        targetId === undefined ? undefined : eq(reports.targetId, targetId)
      )
    )
    .orderBy(desc(reports.id))
    .limit(limit + 1)
  const shown = found.slice(0, limit)
  const people = await accountsByIds(
    db,
    shown.flatMap(({ reporterId, targetId }) => [reporterId, targetId])
  )
  const counts = await countPosts(
    db,
    shown.map(({ id }) => id)
  )
  const rows = shown.flatMap((report): ListedReport[] => {
    const target = people.get(report.targetId)
    return target ? [{ report, target, reporter: people.get(report.reporterId), postCount: counts.get(report.id) ?? 0 }] : []
  })
  return { rows, olderCursor: found.length > limit ? shown.at(-1)?.id : undefined }
}

/** The open report to look at after one: the next older, and after the oldest the newest; undefined when no other is open. Refuses as `listReports`. */
export async function findNextReport(db: Reader, who: Who, reportId: number): Promise<number | undefined> {
  requireRole(who, 'moderator')
  const askerId = who.kind === 'account' ? who.account.id : 0
  for (const place of [lt(reports.id, reportId), gt(reports.id, reportId)]) {
    const [next] = await db
      .select({ id: reports.id })
      .from(reports)
      .where(and(place, isNull(reports.handledAt), ne(reports.targetId, askerId)))
      .orderBy(desc(reports.id))
      .limit(1)
    if (next) return next.id
  }
  return undefined
}

async function countPosts(db: Reader, reportIds: readonly number[]): Promise<Map<number, number>> {
  if (reportIds.length === 0) return new Map()
  const rows = await db
    .select({ reportId: reportPosts.reportId, count: sql`count(*)`.mapWith(Number) })
    .from(reportPosts)
    .where(inArray(reportPosts.reportId, [...reportIds]))
    .groupBy(reportPosts.reportId)
  return new Map(rows.map(({ reportId, count }) => [reportId, count]))
}
