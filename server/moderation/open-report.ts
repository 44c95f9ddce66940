import { and, desc, eq, isNull } from 'drizzle-orm'
import type { Reader, Tx } from '#db/reader.ts'
import { reportPosts, reports } from '#db/schema/moderation.ts'
import { copyPosts } from '#server/moderation/copy-posts.ts'
import { countCharacters } from '#server/platform/clean-text.ts'
import type { PostRow } from '#server/posts/find-post.ts'

export type OpenReport = typeof reports.$inferSelect

/** What one report holds at most, with all that was added; what goes beyond is a report of its own. */
const heldCharactersMax = 8_000
const heldPostsMax = 40
/** Of two choices of one reporter the graver one stays. */
const gravity: readonly OpenReport['category'][] = ['other', 'spam', 'rules', 'legal']

/** The newest report that this person sent about this account and that nobody has closed. */
export async function findOpenReport(db: Reader, reporterId: number, targetId: number): Promise<OpenReport | undefined> {
  const [found] = await db
    .select()
    .from(reports)
    .where(and(eq(reports.reporterId, reporterId), eq(reports.targetId, targetId), isNull(reports.handledAt)))
    .orderBy(desc(reports.id))
    .limit(1)
  return found
}

/** Adds words and posts to a report instead of making a second one; false when it is full, and nothing was written. */
export async function addToReport(
  tx: Tx,
  report: OpenReport,
  more: { comment: string; category: OpenReport['category']; posts: readonly PostRow[] }
): Promise<boolean> {
  const held = await tx.select({ postId: reportPosts.postId }).from(reportPosts).where(eq(reportPosts.reportId, report.id))
  const posts = more.posts.filter(({ id }) => !held.some(({ postId }) => postId === id))
  const isSaid = more.comment === '' || report.comment.split('\n\n').includes(more.comment) || report.comment === more.comment
  const comment = isSaid ? report.comment : [report.comment, more.comment].filter((text) => text !== '').join('\n\n')
  if (held.length + posts.length > heldPostsMax || countCharacters(comment) > heldCharactersMax) return false
  const category = gravity.indexOf(more.category) > gravity.indexOf(report.category) ? more.category : report.category
  await tx.update(reports).set({ comment, category }).where(eq(reports.id, report.id))
  await copyPosts(tx, report.id, posts)
  return true
}
