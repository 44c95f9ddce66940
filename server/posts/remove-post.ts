import { and, eq, isNotNull, isNull, or } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { filterPosts } from '#db/schema/filters.ts'
import { announcedVotes } from '#db/schema/groups.ts'
import { notifications } from '#db/schema/notifications.ts'
import { emojiUses } from '#db/schema/own-emojis.ts'
import { pollVotes } from '#db/schema/polls.ts'
import { bookmarks, favourites, pins, postAudience, postMentions, posts, postTags, postVersions } from '#db/schema/posts.ts'
import { interactions, quotes } from '#db/schema/quotes.ts'
import { reactions } from '#db/schema/reactions.ts'
import { removeEntries } from '#db/search-index.ts'
import { stepBackInConversations } from '#server/conversations/touch-conversation.ts'
import { removeMediaOfPost } from '#server/media/remove-media.ts'
import { chunksOf } from '#server/platform/chunks.ts'
import { removePoll } from '#server/polls/write-poll.ts'
import { addToCount, uncountPost } from '#server/posts/counters.ts'
import type { PostRow } from '#server/posts/find-post.ts'
import { removeReactionsOfPost } from '#server/posts/write-reaction.ts'

/** Of those who boosted or liked a post, so many are told of its end. */
const reachMax = 5_000

/**
 * Nothing of a post stays but a tombstone: its id, place in the thread and audience (its Delete must reach whom it reached). Text,
 * history, mentions, tags, poll, favourites, bookmarks, boosts, pictures and notifications go. False when it was
 * deleted already. Records no fact: its callers say whose deed it was.
 */
export async function removePost(tx: Tx, post: PostRow): Promise<boolean> {
  const [removed] = await tx
    .update(posts)
    .set({
      html: '',
      source: null,
      title: null,
      abstractHtml: null,
      emojis: null,
      warning: '',
      isSensitive: false,
      language: null,
      url: null,
      editedAt: null,
      deletedAt: tx.now
    })
    .where(and(eq(posts.id, post.id), isNull(posts.deletedAt)))
    .returning({ id: posts.id })
  if (!removed) return false
  if (post.isLocal) await keepReach(tx, post.id)
  await tx.delete(posts).where(eq(posts.boostOfId, post.id))
  await tx.delete(postVersions).where(eq(postVersions.postId, post.id))
  await tx.delete(postMentions).where(eq(postMentions.postId, post.id))
  await tx.delete(postTags).where(eq(postTags.postId, post.id))
  if (post.isQuote) await tx.delete(quotes).where(eq(quotes.postId, post.id))
  // Nobody is asked about what is gone, nor on its behalf.
  const concerns = or(eq(interactions.postId, post.id), eq(interactions.targetId, post.id))
  await tx.delete(interactions).where(and(concerns, eq(interactions.state, 'pending')))
  await tx.delete(favourites).where(eq(favourites.postId, post.id))
  await tx.delete(pins).where(eq(pins.postId, post.id))
  await tx.delete(announcedVotes).where(eq(announcedVotes.postId, post.id))
  await tx.delete(bookmarks).where(eq(bookmarks.postId, post.id))
  await tx.delete(filterPosts).where(eq(filterPosts.postId, post.id))
  await removeReactionsOfPost(tx, post.id)
  if (post.isLocal && post.emojis) await tx.delete(emojiUses).where(eq(emojiUses.postId, post.id))
  if (post.visibility === 'direct') await stepBackInConversations(tx, [post.id])
  if (post.type === 'Question') await removePoll(tx, post.id)
  await tx.delete(notifications).where(eq(notifications.postId, post.id))
  await removeEntries(tx, [post.id])
  await removeMediaOfPost(tx, { postId: post.id })
  await tx.update(posts).set({ boostsCount: 0, favouritesCount: 0 }).where(eq(posts.id, post.id))
  await uncountPost(tx, post)
  return true
}

/** Whoever boosted, liked or voted in a post of ours from elsewhere has a copy: they stand in the tombstone's audience, so that its Delete reaches them. */
async function keepReach(tx: Tx, postId: number): Promise<void> {
  const boosters = await tx
    .select({ accountId: posts.authorId })
    .from(posts)
    .where(and(eq(posts.boostOfId, postId), eq(posts.isLocal, false)))
    .limit(reachMax)
  const fans = await tx
    .select({ accountId: favourites.accountId })
    .from(favourites)
    .innerJoin(accounts, eq(accounts.id, favourites.accountId))
    .where(and(eq(favourites.postId, postId), isNotNull(accounts.domain)))
    .limit(reachMax)
  const voters = await tx
    .selectDistinct({ accountId: pollVotes.accountId })
    .from(pollVotes)
    .innerJoin(accounts, eq(accounts.id, pollVotes.accountId))
    .where(and(eq(pollVotes.postId, postId), isNotNull(accounts.domain)))
    .limit(reachMax)
  const reacted = await tx
    .selectDistinct({ accountId: reactions.accountId })
    .from(reactions)
    .innerJoin(accounts, eq(accounts.id, reactions.accountId))
    .where(and(eq(reactions.postId, postId), isNotNull(accounts.domain)))
    .limit(reachMax)
  const ids = [...new Set([...boosters, ...fans, ...reacted, ...voters].map((row) => row.accountId))]
  for (const some of chunksOf(ids)) {
    const rows = some.map((accountId) => ({ postId, kind: 'silent' as const, accountId }))
    await tx.insert(postAudience).values(rows).onConflictDoNothing()
  }
}

/** Takes a boost's row away with what hangs on it. False when it was gone already. */
export async function removeBoost(tx: Tx, boost: { id: number; authorId: number; postId: number }): Promise<boolean> {
  const gone = await tx.delete(posts).where(eq(posts.id, boost.id)).returning({ id: posts.id })
  if (gone.length === 0) return false
  await addToCount(tx, 'boostsCount', boost.postId, -1)
  await tx
    .delete(notifications)
    .where(and(eq(notifications.kind, 'boost'), eq(notifications.fromId, boost.authorId), eq(notifications.postId, boost.postId)))
  return true
}

/** Takes a favourite away with its notification. Its row's id, or undefined when there was none. */
export async function removeFavourite(tx: Tx, accountId: number, postId: number): Promise<number | undefined> {
  const [gone] = await tx
    .delete(favourites)
    .where(and(eq(favourites.accountId, accountId), eq(favourites.postId, postId)))
    .returning({ id: favourites.id })
  if (!gone) return undefined
  await addToCount(tx, 'favouritesCount', postId, -1)
  await tx
    .delete(notifications)
    .where(and(eq(notifications.kind, 'favourite'), eq(notifications.fromId, accountId), eq(notifications.postId, postId)))
  return gone.id
}
