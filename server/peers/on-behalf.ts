import { and, asc, desc, eq, inArray, isNull } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { blocks, follows } from '#db/schema/follows.ts'
import { postAudience, postMentions, posts } from '#db/schema/posts.ts'
import { hostOf } from '#server/platform/host-names.ts'
import type { PostRow } from '#server/posts/find-post.ts'
import { isOpen } from '#server/posts/visibility.ts'

/**
 * One of ours with whose key something is asked of one server, and of no other, whatever leads on from there: that server knows already that it is
 * for them. Nothing tells it who looked.
 */
export interface OnBehalf {
  accountId: number
  /** Normalised. */
  host: string
}

type Asked = Pick<PostRow, 'id' | 'authorId' | 'visibility' | 'isLocal' | 'isLocalOnly'>

/** Answers to one address that are looked at to find somebody who may read it. */
const answersMax = 5

const isActiveHere = and(isNull(accounts.domain), isNull(accounts.suspendedAt), isNull(accounts.deletedAt))

/** The first of these addresses that is an active account here, and does not block the author. */
export async function namedHere(db: Reader, uris: readonly string[], authorId: number): Promise<number | undefined> {
  if (uris.length === 0) return undefined
  const rows = await db
    .select({ id: accounts.id, uri: accounts.uri })
    .from(accounts)
    .leftJoin(blocks, and(eq(blocks.accountId, accounts.id), eq(blocks.targetId, authorId)))
    .where(and(inArray(accounts.uri, [...uris]), isActiveHere, isNull(blocks.id)))
  return rows.sort((one, other) => uris.indexOf(one.uri) - uris.indexOf(other.uri))[0]?.id
}

/** Who of ours has followed one of these accounts for longest: always the same one, so that a server learns of nobody else. */
export async function followerHere(db: Reader, accountIds: readonly number[]): Promise<number | undefined> {
  if (accountIds.length === 0) return undefined
  const [row] = await db
    .select({ id: accounts.id })
    .from(follows)
    .innerJoin(accounts, eq(accounts.id, follows.followerId))
    .where(and(inArray(follows.followedId, [...accountIds]), eq(follows.state, 'accepted'), isActiveHere))
    .orderBy(asc(follows.id))
    .limit(1)
  return row?.id
}

/**
 * For whom something that a post names is asked: its parent, its answers, what it quotes, itself. Undefined, which is the instance's own key, when
 * everybody may read the post, and at servers other than its author's and those of the people it mentions: they were not in it yet.
 */
export async function onBehalfOf(db: Reader, post: Asked, url: string): Promise<OnBehalf | undefined> {
  const host = hostOf(url)
  if (host === undefined || isOpen(post.visibility) || post.isLocalOnly) return undefined
  const ofHost = await takingPart(db, post, host)
  if (ofHost.length === 0) return undefined
  const accountId = post.isLocal
    ? post.authorId
    : ((await addressedHere(db, post, ofHost.includes(post.authorId))) ??
      (post.visibility === 'followers' ? await followerHere(db, ofHost) : undefined))
  return accountId === undefined ? undefined : { accountId, host }
}

/** The same for an address that posts here answer, without having it. */
export async function onBehalfOfAnswers(db: Reader, url: string): Promise<OnBehalf | undefined> {
  const answers = await db
    .select()
    .from(posts)
    .where(and(eq(posts.replyToUri, url), isNull(posts.replyToId), isNull(posts.deletedAt)))
    .orderBy(desc(posts.id))
    .limit(answersMax)
  // What is answered in public is public, as far as can be known.
  if (answers.some(({ visibility }) => isOpen(visibility))) return undefined
  for (const answer of answers) {
    const found = await onBehalfOf(db, answer, url)
    if (found) return found
  }
  return undefined
}

/** Who of a server wrote a post, or is mentioned in it. */
async function takingPart(db: Reader, post: Asked, host: string): Promise<number[]> {
  const mentioned = db.select({ id: postMentions.accountId }).from(postMentions).where(eq(postMentions.postId, post.id))
  const rows = await db
    .select({ id: accounts.id })
    .from(accounts)
    .where(and(eq(accounts.host, host), inArray(accounts.id, mentioned)))
  const [author] = await db
    .select({ id: accounts.id })
    .from(accounts)
    .where(and(eq(accounts.id, post.authorId), eq(accounts.host, host)))
  return [...(author ? [author.id] : []), ...rows.map(({ id }) => id)]
}

/**
 * Who of ours a post is addressed to, those mentioned before those it came to unsaid: of these its author's server alone knows, and those of the people it
 * mentions are not to learn it.
 */
async function addressedHere(db: Reader, post: Asked, isOfAuthor: boolean): Promise<number | undefined> {
  const kinds = isOfAuthor ? (['person', 'silent'] as const) : (['person'] as const)
  const [row] = await db
    .select({ id: accounts.id })
    .from(postAudience)
    .innerJoin(accounts, eq(accounts.id, postAudience.accountId))
    .leftJoin(blocks, and(eq(blocks.accountId, accounts.id), eq(blocks.targetId, post.authorId)))
    .where(and(eq(postAudience.postId, post.id), inArray(postAudience.kind, kinds), isActiveHere, isNull(blocks.id)))
    .orderBy(asc(postAudience.kind), asc(postAudience.accountId))
    .limit(1)
  return row?.id
}
