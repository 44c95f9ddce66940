import { eq, getTableColumns, sql } from 'drizzle-orm'
import { countWritten } from '#db/count-written.ts'
import { prepare, type Tx } from '#db/reader.ts'
import { posts } from '#db/schema/posts.ts'
import { record } from '#server/facts.ts'
import { addRemoteMedia } from '#server/media/remote-media.ts'
import { adoptAllowedReplies, judgeReply, noteReply } from '#server/interactions/admit-reply.ts'
import { isForEverybody, policyFor } from '#server/interactions/policy.ts'
import { adoptQuotes } from '#server/interactions/adopt-quotes.ts'
import { addToldQuote } from '#server/interactions/quotes.ts'
import { keepEmojis } from '#server/media/remote-emoji.ts'
import { hostOf } from '#server/platform/host-names.ts'
import type { Random } from '#server/platform/random.ts'
import { addToldPoll } from '#server/polls/write-poll.ts'
import { countPost } from '#server/posts/counters.ts'
import { editTime } from '#server/posts/edit-time.ts'
import { findPostByUri, type PostRow } from '#server/posts/find-post.ts'
import { findTraces } from '#server/posts/find-traces.ts'
import type { CleanPost } from '#server/posts/received-post.ts'
import { takePlaces } from '#server/posts/take-places.ts'
import { wasDeleted } from '#server/posts/tombstones.ts'
import { addLinks, type AudienceRow, addAudience, adoptReplies } from '#server/posts/write-post.ts'

const saysNothing = { canQuote: null, canReply: null, canLike: null, canAnnounce: null }

const insertPost = prepare((tx: Tx) =>
  tx
    .insert(posts)
    .values({
      id: sql.placeholder('id'),
      uri: sql.placeholder('uri'),
      url: sql.placeholder('url'),
      authorId: sql.placeholder('authorId'),
      replyToId: sql.placeholder('replyToId'),
      replyToUri: sql.placeholder('replyToUri'),
      replyToAuthorId: sql.placeholder('replyToAuthorId'),
      threadId: sql.placeholder('threadId'),
      type: sql.placeholder('type'),
      title: sql.placeholder('title'),
      html: sql.placeholder('html'),
      warning: sql.placeholder('warning'),
      isSensitive: sql.placeholder('isSensitive'),
      language: sql.placeholder('language'),
      visibility: sql.placeholder('visibility'),
      isLocal: false,
      audienceUri: sql.placeholder('audienceUri'),
      canQuote: sql.placeholder('canQuote'),
      canReply: sql.placeholder('canReply'),
      canLike: sql.placeholder('canLike'),
      canAnnounce: sql.placeholder('canAnnounce'),
      isQuote: sql.placeholder('isQuote'),
      isHeld: sql.placeholder('isHeld'),
      createdAt: sql.placeholder('createdAt'),
      receivedAt: sql.placeholder('receivedAt'),
      repliesUrl: sql.placeholder('repliesUrl'),
      contextUrl: sql.placeholder('contextUrl')
    })
    .onConflictDoNothing({ target: posts.uri })
)

/** What stands in a new row where nothing is said. To have all of it handed back would cost four times as much as to write it. */
const unsaid = Object.fromEntries(Object.entries(getTableColumns(posts)).map(([name, column]) => [name, column.default ?? null]))

/**
 * Writes a remote post, in the transaction of its receipt. Known already: nothing changes and the known one is returned, whoever tells of it,
 * since who may see a post is said once (`addSilentRecipient` is for the owner of the inbox it came to). Deleted before it came: undefined.
 * Replies and quotes that came first find their post. A reply that its parent's author has not let in hangs on nothing. `isOld` for what was looked for long after it was written. Fact
 * `post-received`, after `mention-received` and `direct-received` where they hold.
 */
export async function receivePost(tx: Tx, random: Random, told: CleanPost, { isOld = false } = {}): Promise<PostRow | undefined> {
  await takePlaces(tx, told.uri, told.replyToUri, told.quote?.uri)
  const traces = await findTraces(tx, told.uri)
  if (traces.isBuried && (await wasDeleted(tx, told))) return undefined
  const named = told.replyToUri === undefined ? undefined : await findPostByUri(tx, told.replyToUri)
  // Nobody answers a boost: a reply that names one is treated as if its parent were unknown.
  // And nobody elsewhere knows of what is local-only: whoever names it has guessed its address.
  const parent = named?.boostOfId === null && !named.isLocalOnly ? named : undefined
  const admission = parent && (await judgeReply(tx, parent, told))
  const post = await insertReceived(tx, told, admission?.isIn ? parent : undefined, admission?.isIn === false)
  if (!post) return findPostByUri(tx, told.uri)
  await addAudience(tx, post.id, audienceOf(told))
  await addLinks(tx, post.id, told)
  await addRemoteMedia(tx, random, { accountId: told.authorId, postId: post.id, items: told.media })
  if (told.emojis.length > 0 || told.abstractHtml !== undefined || told.updatedAt !== undefined) await addRare(tx, random, post, told)
  const repliesCount = traces.isAnswered ? await adopt(tx, post) : 0
  if (parent && admission?.state !== undefined) await noteReply(tx, parent, post, admission.state, told.replyAuthorizationUri)
  if (told.quote) await addToldQuote(tx, post, told.quote)
  if (traces.isQuoted || told.quote?.uri === told.uri) await adoptQuotes(tx, post)
  if (told.poll) await addToldPoll(tx, post.id, told.poll)
  await countPost(tx, post)
  const ids = isOld ? { postId: post.id, isOld } : { postId: post.id }
  if (told.mentionIds.length > 0) await record(tx, 'mention-received', ids)
  if (post.visibility === 'direct') await record(tx, 'direct-received', ids)
  await record(tx, 'post-received', ids)
  return { ...post, repliesCount }
}

function adopt(tx: Tx, post: PostRow): Promise<number> {
  return isForEverybody(policyFor('reply', post)) ? adoptReplies(tx, post) : adoptAllowedReplies(tx, post)
}

/**
 * The owner of the personal inbox a post came to may see it, named in it or not. Only for what its own author delivered there; does
 * nothing for a post that is known to name them already.
 */
export async function addSilentRecipient(tx: Tx, { postId, accountId }: { postId: number; accountId: number }): Promise<void> {
  await addAudience(tx, postId, [{ kind: 'silent', accountId }])
}

/** What few posts have is written apart, so that the others do not pay for it. A post that was edited before it came says so. */
async function addRare(tx: Tx, random: Random, post: PostRow, told: CleanPost): Promise<void> {
  const editedAt = told.updatedAt !== undefined && told.updatedAt > post.createdAt ? editTime(told.updatedAt, tx.now) : null
  const uses = await keepEmojis(tx, random, hostOf(told.uri) ?? '', told.emojis)
  if (editedAt === null && uses.length === 0 && told.abstractHtml === undefined) return
  const rare = { editedAt, abstractHtml: told.abstractHtml ?? null, ...(uses.length > 0 ? { emojis: uses } : {}) }
  await tx.update(posts).set(rare).where(eq(posts.id, post.id))
}

async function insertReceived(tx: Tx, told: CleanPost, parent: PostRow | undefined, isHeld: boolean): Promise<PostRow | undefined> {
  // A date to come would keep a post above all others.
  const createdAt = Math.min(told.publishedAt ?? tx.now, tx.now)
  const id = tx.newId(createdAt)
  const said = {
    id,
    uri: told.uri,
    url: told.url ?? null,
    authorId: told.authorId,
    replyToId: parent?.id ?? null,
    replyToUri: told.replyToUri ?? null,
    replyToAuthorId: parent?.authorId ?? null,
    threadId: parent?.threadId ?? id,
    type: told.type,
    title: told.title ?? null,
    html: told.html,
    warning: told.warning,
    isSensitive: told.isSensitive,
    language: told.language ?? null,
    visibility: told.visibility,
    audienceUri: told.audienceUri ?? parent?.audienceUri ?? null,
    ...(told.policies ?? saysNothing),
    isQuote: told.quote !== undefined,
    isHeld,
    createdAt,
    receivedAt: tx.now,
    repliesUrl: told.repliesUrl ?? null,
    contextUrl: told.contextUrl ?? null
  }
  if (countWritten(await insertPost(tx, said)) === 0) return undefined
  return { ...unsaid, ...said, isLocal: false } as unknown as PostRow
}

function audienceOf({ visibility, authorId, mentionIds, silentIds }: CleanPost): AudienceRow[] {
  const mentioned = new Set(mentionIds)
  return [
    ...(visibility === 'followers' ? [{ kind: 'followers' as const, accountId: authorId }] : []),
    ...mentionIds.map((accountId) => ({ kind: 'person' as const, accountId })),
    ...silentIds.filter((id) => !mentioned.has(id)).map((accountId) => ({ kind: 'silent' as const, accountId }))
  ]
}
