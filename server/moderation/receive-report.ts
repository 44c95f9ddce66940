import { and, eq, inArray, isNull, type SQL, sql } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { reports } from '#db/schema/moderation.ts'
import { follows } from '#db/schema/follows.ts'
import { postAudience, posts } from '#db/schema/posts.ts'
import { record } from '#server/facts.ts'
import { copyPosts } from '#server/moderation/copy-posts.ts'
import { cleanText } from '#server/platform/clean-text.ts'
import { isThere } from '#server/posts/is-there.ts'
import { isWithinLimit } from '#server/sign-in/attempts.ts'

const commentCharactersMax = 5_000
const postsMax = 50
/** Reports that one server may file, whoever files them there; more are dropped, so that no server buries those of others. */
const reportLimit = { max: 60, windowMs: 3_600_000 }

/**
 * A remote server reports one of ours, in the transaction of the receipt: `uris` name the account, posts of it, or both. Posts are copied as they stand.
 * Nothing happens when none of it is ours; what belongs to a second account, and what nobody on the reporter's server was shown (moderators are not to read
 * it either), is left out. Fact `report-filed`.
 */
export async function receiveReport(
  tx: Tx,
  { reporterId, host, uris, comment }: { reporterId: number; host: string; uris: readonly string[]; comment: string }
): Promise<void> {
  if (uris.length === 0) return
  const named = await tx
    .select({ id: accounts.id, uri: accounts.uri })
    .from(accounts)
    .where(and(inArray(accounts.uri, [...uris]), isNull(accounts.domain)))
  const reported = await tx
    .select()
    .from(posts)
    .where(and(inArray(posts.uri, [...uris]), eq(posts.isLocal, true), isNull(posts.boostOfId), isNull(posts.deletedAt), isKnownAt(host)))
  const targetId = named[0]?.id ?? reported[0]?.authorId
  if (targetId === undefined || !(await isWithinLimit(tx, `reports of ${host}`, reportLimit))) return
  const id = tx.newId()
  const text = withUnknown(comment, unknownAmong(uris, named, reported))
  await tx.insert(reports).values({ id, reporterId, targetId, comment: text, category: 'other', createdAt: tx.now })
  await copyPosts(tx, id, reported.filter((each) => each.authorId === targetId).slice(0, postsMax))
  await record(tx, 'report-filed', { reportId: id })
}

/** What was named and is neither an account nor a post of ours that may be shown: the moderators read its address. */
function unknownAmong(uris: readonly string[], named: readonly { uri: string }[], reported: readonly { uri: string }[]): string[] {
  const known = new Set([...named, ...reported].map(({ uri }) => uri))
  return uris.filter((uri) => !known.has(uri)).slice(0, postsMax)
}

function withUnknown(comment: string, unknown: readonly string[]): string {
  const text = cleanText(comment, commentCharactersMax)
  return unknown.length === 0 ? text : cleanText(`${text}\n\n${unknown.join('\n')}`.trim(), 2 * commentCharactersMax)
}

/**
 * Whether somebody on another server was shown the post; a local-only one never. Many servers report in the name of their instance and not of the person, so that the server
 * is asked about and not the reporter; a block does not keep anybody from reporting.
 */
function isKnownAt(host: string): SQL {
  const isFollowedFrom = isThere(sql`from ${follows} inner join ${accounts} on ${accounts.id} = ${follows.followerId}
    where ${follows.followedId} = ${postAudience.accountId} and ${follows.state} = 'accepted' and ${accounts.host} = ${host}`)
  const isAt = isThere(sql`from ${accounts} where ${accounts.id} = ${postAudience.accountId} and ${accounts.host} = ${host}`)
  return sql`(not ${posts.isLocalOnly} and (${posts.visibility} in ('public', 'unlisted') or ${isThere(sql`from ${postAudience} where ${postAudience.postId} = ${posts.id}
    and case when ${postAudience.kind} = 'followers' then ${isFollowedFrom} else ${isAt} end`)}))`
}
