import { and, asc, eq } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { reportPosts, reports } from '#db/schema/moderation.ts'

export interface ForwardedReport {
  target: { id: number; uri: string }
  comment: string
  /** Ids of the reported posts as they are at their own server. */
  postUris: string[]
}

/** What another server is told of a report; undefined for one that nobody wanted told. Says nothing of who reported. */
export async function findForwarded(db: Reader, reportId: number): Promise<ForwardedReport | undefined> {
  const [found] = await db
    .select({ id: accounts.id, uri: accounts.uri, comment: reports.comment })
    .from(reports)
    .innerJoin(accounts, eq(accounts.id, reports.targetId))
    .where(and(eq(reports.id, reportId), eq(reports.isForwarded, true)))
  if (!found) return undefined
  const { comment, ...target } = found
  const copies = await db
    .select({ copy: reportPosts.copy })
    .from(reportPosts)
    .where(eq(reportPosts.reportId, reportId))
    .orderBy(asc(reportPosts.postId))
  return { target, comment, postUris: copies.map(({ copy }) => copy.uri) }
}
