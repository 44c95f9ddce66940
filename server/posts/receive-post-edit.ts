import { and, eq, gt, inArray, lte, notInArray } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import type { EmojiUse } from '#db/schema/emoji.ts'
import { postAudience, posts, postVersions } from '#db/schema/posts.ts'
import { record } from '#server/facts.ts'
import { replaceRemoteMedia } from '#server/media/remote-media.ts'
import { refreshToldQuote } from '#server/interactions/quotes.ts'
import { keepEmojis } from '#server/media/remote-emoji.ts'
import { hostOf } from '#server/platform/host-names.ts'
import type { Random } from '#server/platform/random.ts'
import { findPoll } from '#server/polls/find-poll.ts'
import { changeToldPoll, isSameTold } from '#server/polls/write-poll.ts'
import { keepVersion } from '#server/posts/edit-post.ts'
import { editTime } from '#server/posts/edit-time.ts'
import { findPostByUri, type PostRow } from '#server/posts/find-post.ts'
import type { CleanPost } from '#server/posts/received-post.ts'
import { isForAnybody } from '#server/posts/visibility.ts'
import { takePlaces } from '#server/posts/take-places.ts'
import { addAudience, replaceLinks } from '#server/posts/write-post.ts'

/** Versions kept of one post of another server, the one that shows left out. */
export const versionsKeptMax = 50

/**
 * Brings a remote post to what its author says now, in the transaction of the receipt; `updatedAt` in ms since 1970, absent when not said. The
 * state before goes to the history. Who may see it, what it answers and when it was published stay as they were first said, so that
 * no edit shows it to anybody new, and whoever is no longer mentioned still does. What says that it is no newer than what is known brings the counts of a
 * poll alone; a poll that asks something else loses its votes. Fact `post-edit-received` when it reads otherwise. Undefined when it is not known,
 * deleted, somebody else's, or the change older than the last.
 */
export async function receivePostEdit(tx: Tx, random: Random, told: CleanPost, updatedAt?: number): Promise<PostRow | undefined> {
  const post = await findPostByUri(tx, told.uri)
  if (!post || post.deletedAt !== null || post.authorId !== told.authorId || post.isLocal || post.boostOfId !== null) return undefined
  const editedAt = editTime(updatedAt ?? tx.now, tx.now)
  if (editedAt < (post.editedAt ?? 0)) return undefined
  if (told.quote) await takePlaces(tx, told.uri, told.quote.uri)
  await refreshToldQuote(tx, post, told.quote)
  const poll = post.type === 'Question' ? await findPoll(tx, post.id) : undefined
  const isSamePoll = isSameTold(poll, told.poll)
  // Said to be no newer than what is known, it can only bring the counts, and is not told to anybody.
  if (updatedAt !== undefined && updatedAt <= (post.editedAt ?? post.createdAt - 1)) {
    if (poll && isSamePoll) await changeToldPoll(tx, post.id, poll, told.poll)
    return post
  }

  const next = {
    url: told.url ?? null,
    title: told.title ?? null,
    html: told.html,
    abstractHtml: told.abstractHtml ?? null,
    warning: told.warning,
    isSensitive: told.isSensitive,
    language: told.language ?? null,
    type: told.poll ? 'Question' : post.type
  }
  const isSameText =
    isSamePoll &&
    next.title === post.title &&
    next.html === post.html &&
    next.warning === post.warning &&
    next.abstractHtml === post.abstractHtml
  // Counting votes or adding an alternative text is no new version of what is said.
  if (!isSameText) await keepVersion(tx, post, poll)
  if (!isSameText) await forgetVersions(tx, post)
  await changeToldPoll(tx, post.id, poll, told.poll)
  const mentionIds = await mentionsThatSee(tx, post, told.mentionIds)
  await replaceLinks(tx, post.id, { tags: told.tags, mentionIds })
  await quietenOthers(tx, post.id, mentionIds)
  await replaceRemoteMedia(tx, random, { accountId: post.authorId, postId: post.id, items: told.media })
  const [edited] = await tx
    .update(posts)
    .set({
      ...next,
      ...told.policies,
      ...(await emojisOf(tx, random, post, told)),
      ...(isSameText ? {} : { version: post.version + 1, editedAt })
    })
    .where(eq(posts.id, post.id))
    .returning()
  if (!isSameText) await record(tx, 'post-edit-received', { postId: post.id })
  return edited
}

/** Whoever edits a post over and over fills nobody's disk: the first version stays, and the newest others. */
async function forgetVersions(tx: Tx, { id, version }: PostRow): Promise<void> {
  if (version <= versionsKeptMax) return
  const isBetween = and(gt(postVersions.version, 1), lte(postVersions.version, version - versionsKeptMax + 1))
  await tx.delete(postVersions).where(and(eq(postVersions.postId, id), isBetween))
}

async function emojisOf(tx: Tx, random: Random, post: PostRow, told: CleanPost): Promise<{ emojis?: EmojiUse[] }> {
  const uses = await keepEmojis(tx, random, hostOf(told.uri) ?? '', told.emojis)
  return uses.length > 0 || post.emojis !== null ? { emojis: uses } : {}
}

/** Whoever is no longer mentioned sees the post as before, and is not addressed by name any more. */
async function quietenOthers(tx: Tx, postId: number, mentionIds: readonly number[]): Promise<void> {
  const isNoMore = and(
    eq(postAudience.postId, postId),
    eq(postAudience.kind, 'person'),
    mentionIds.length === 0 ? undefined : notInArray(postAudience.accountId, [...mentionIds])
  )
  const gone = await tx.delete(postAudience).where(isNoMore).returning({ accountId: postAudience.accountId })
  await addAudience(
    tx,
    postId,
    gone.map(({ accountId }) => ({ kind: 'silent', accountId }))
  )
}

/** Of a post that is not for everybody only those may be mentioned by an edit whom it was for from the start. */
async function mentionsThatSee(tx: Tx, post: PostRow, mentionIds: readonly number[]): Promise<readonly number[]> {
  if (isForAnybody(post) || mentionIds.length === 0) return mentionIds
  const rows = await tx
    .select({ accountId: postAudience.accountId })
    .from(postAudience)
    .where(
      and(
        eq(postAudience.postId, post.id),
        inArray(postAudience.accountId, [...mentionIds]),
        inArray(postAudience.kind, ['person', 'silent'])
      )
    )
  return rows.map((row) => row.accountId)
}
