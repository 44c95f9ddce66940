import { and, eq, inArray, isNull } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { reports } from '#db/schema/moderation.ts'
import { posts } from '#db/schema/posts.ts'
import { record } from '#server/facts.ts'
import { copyPosts } from '#server/moderation/copy-posts.ts'
import { cleanText } from '#server/platform/clean-text.ts'

const commentCharactersMax = 5_000
const postsMax = 50

/**
 * A remote server reports one of ours, in the transaction of the receipt: `uris` name the account, posts of it, or both. Posts are copied as they stand.
 * Nothing happens when none of it is ours; what belongs to a second account is left out. Fact `report-filed`.
 */
export async function receiveReport(
  tx: Tx,
  { reporterId, uris, comment }: { reporterId: number; uris: readonly string[]; comment: string }
): Promise<void> {
  if (uris.length === 0) return
  const named = await tx
    .select({ id: accounts.id })
    .from(accounts)
    .where(and(inArray(accounts.uri, [...uris]), isNull(accounts.domain)))
  const reported = await tx
    .select()
    .from(posts)
    .where(and(inArray(posts.uri, [...uris]), eq(posts.isLocal, true), isNull(posts.boostOfId), isNull(posts.deletedAt)))
  const targetId = named[0]?.id ?? reported[0]?.authorId
  if (targetId === undefined) return
  const id = tx.newId()
  await tx
    .insert(reports)
    .values({ id, reporterId, targetId, comment: cleanText(comment, commentCharactersMax), category: 'other', createdAt: tx.now })
  await copyPosts(tx, id, reported.filter((each) => each.authorId === targetId).slice(0, postsMax))
  await record(tx, 'report-filed', { reportId: id })
}
