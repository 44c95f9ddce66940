import { asc, eq } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { type PostCopy, reportNotes, reportPosts } from '#db/schema/moderation.ts'
import type { Account, Who } from '#server/accounts/who.ts'
import { getReport, type Report } from '#server/moderation/get-report.ts'
import { accountsByIds } from '#server/posts/load-posts.ts'
import { postsByIds } from '#server/posts/posts-by-ids.ts'

const notesMax = 200

export interface ReportDetails {
  report: Report
  target: Account
  reporter: Account | undefined
  assignee: Account | undefined
  /** Who closed it; undefined while it is open, and when the operator did. */
  handler: Account | undefined
  /** The posts as they were; `isGone` when the original is deleted by now. */
  posts: { postId: number; copy: PostCopy; isGone: boolean }[]
  notes: { text: string; createdAt: number; author: Account | undefined }[]
}

/** A report with all that a moderator reads before deciding. Refuses as getReport. */
export async function loadReport(db: Reader, who: Who, reportId: number): Promise<ReportDetails> {
  const { report, target } = await getReport(db, who, reportId)
  const copies = await db.select().from(reportPosts).where(eq(reportPosts.reportId, report.id)).orderBy(asc(reportPosts.postId))
  const notes = await db.select().from(reportNotes).where(eq(reportNotes.reportId, report.id)).orderBy(asc(reportNotes.id)).limit(notesMax)
  const there = new Set(
    (
      await postsByIds(
        db,
        copies.map(({ postId }) => postId)
      )
    )
      .filter((post) => post.deletedAt === null)
      .map(({ id }) => id)
  )
  const ids = [report.reporterId, report.assignedTo, report.handledBy, ...notes.map(({ authorId }) => authorId)].filter((id) => id !== null)
  const people = await accountsByIds(db, ids)
  const find = (id: number | null) => (id === null ? undefined : people.get(id))
  return {
    report,
    target,
    reporter: find(report.reporterId),
    assignee: find(report.assignedTo),
    handler: find(report.handledBy),
    posts: copies.map(({ postId, copy }) => ({ postId, copy, isGone: !there.has(postId) })),
    notes: notes.map(({ text, createdAt, authorId }) => ({ text, createdAt, author: find(authorId) }))
  }
}
