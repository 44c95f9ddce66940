import { and, eq, isNull, or } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { filters } from '#db/schema/filters.ts'
import { drafts } from '#db/schema/drafts.ts'
import { blocks, follows, hiddenDomains, mutes, threadMutes } from '#db/schema/follows.ts'
import { histories } from '#db/schema/histories.ts'
import { moves } from '#db/schema/moves.ts'
import { notifications, notificationSenders, severances } from '#db/schema/notifications.ts'
import { accountNotes, featuredTags } from '#db/schema/profiles.ts'
import { bookmarks, favourites, pins, posts } from '#db/schema/posts.ts'
import { dismissedSuggestions } from '#db/schema/search.ts'
import { conversations, followedTags, listMembers, lists, markers, timelineChoices } from '#db/schema/timelines.ts'
import { removeWords } from '#db/search-index.ts'
import type { Context } from '#server/context.ts'
import { endFollow } from '#server/follows/receive-follow-answer.ts'
import { removeVotesOf } from '#server/polls/remove-votes.ts'
import { removeBoost, removeFavourite, removePost } from '#server/posts/remove-post.ts'
import { removeReactionsOf } from '#server/posts/write-reaction.ts'
import { ownWord } from '#server/search/marks.ts'

/** Rows taken away in one transaction, so that nobody waits for it. */
const rowsAtOnce = 100

/** A job: takes away what a deleted account left (posts, boosts, follows, marks on others' posts, blocks, mutes), a hundred rows a transaction. May run again at any point. */
export async function clearAccount(ctx: Context, { accountId }: { accountId: number }): Promise<void> {
  while (await ctx.transact((tx) => clearPosts(tx, accountId)));
  while (await ctx.transact((tx) => clearFollows(tx, accountId)));
  while (await ctx.transact((tx) => clearFavourites(tx, accountId)));
  while (await ctx.transact(async (tx) => (await removeVotesOf(tx, accountId, rowsAtOnce)) > 0));
  while (await ctx.transact(async (tx) => (await removeReactionsOf(tx, accountId, rowsAtOnce)) > 0));
  await ctx.transact((tx) => clearTies(tx, accountId))
}

/** False once nothing was left. */
async function clearPosts(tx: Tx, accountId: number): Promise<boolean> {
  const rows = await tx
    .select()
    .from(posts)
    .where(and(eq(posts.authorId, accountId), isNull(posts.deletedAt)))
    .limit(rowsAtOnce)
  for (const row of rows) {
    if (row.boostOfId === null) await removePost(tx, row)
    else await removeBoost(tx, { id: row.id, authorId: row.authorId, postId: row.boostOfId })
  }
  return rows.length > 0
}

async function clearFollows(tx: Tx, accountId: number): Promise<boolean> {
  const rows = await tx
    .select({ id: follows.id })
    .from(follows)
    .where(or(eq(follows.followerId, accountId), eq(follows.followedId, accountId)))
    .limit(rowsAtOnce)
  for (const { id } of rows) await endFollow(tx, id)
  return rows.length > 0
}

async function clearFavourites(tx: Tx, accountId: number): Promise<boolean> {
  const rows = await tx.select({ postId: favourites.postId }).from(favourites).where(eq(favourites.accountId, accountId)).limit(rowsAtOnce)
  for (const { postId } of rows) await removeFavourite(tx, accountId, postId)
  return rows.length > 0
}

/** What nobody counts. */
async function clearTies(tx: Tx, accountId: number): Promise<void> {
  await tx.delete(drafts).where(eq(drafts.accountId, accountId))
  await tx.delete(pins).where(eq(pins.accountId, accountId))
  await tx.delete(moves).where(eq(moves.accountId, accountId))
  await tx.delete(histories).where(eq(histories.accountId, accountId))
  await tx.delete(bookmarks).where(eq(bookmarks.accountId, accountId))
  await tx.delete(blocks).where(or(eq(blocks.accountId, accountId), eq(blocks.targetId, accountId)))
  await tx.delete(mutes).where(or(eq(mutes.accountId, accountId), eq(mutes.targetId, accountId)))
  await tx.delete(hiddenDomains).where(eq(hiddenDomains.accountId, accountId))
  await tx.delete(threadMutes).where(eq(threadMutes.accountId, accountId))
  await tx.delete(filters).where(eq(filters.accountId, accountId))
  await tx.delete(lists).where(eq(lists.accountId, accountId))
  await tx.delete(listMembers).where(eq(listMembers.accountId, accountId))
  await tx.delete(followedTags).where(eq(followedTags.accountId, accountId))
  await tx.delete(timelineChoices).where(eq(timelineChoices.accountId, accountId))
  await tx.delete(markers).where(eq(markers.accountId, accountId))
  await tx.delete(conversations).where(eq(conversations.accountId, accountId))
  await tx.delete(accountNotes).where(or(eq(accountNotes.ownerId, accountId), eq(accountNotes.accountId, accountId)))
  await tx.delete(featuredTags).where(eq(featuredTags.accountId, accountId))
  await tx.delete(notificationSenders).where(or(eq(notificationSenders.accountId, accountId), eq(notificationSenders.fromId, accountId)))
  await tx.delete(severances).where(eq(severances.accountId, accountId))
  await tx
    .delete(dismissedSuggestions)
    .where(or(eq(dismissedSuggestions.accountId, accountId), eq(dismissedSuggestions.targetId, accountId)))
  await removeWords(tx, ownWord(accountId, ''))
  await tx.delete(notifications).where(or(eq(notifications.accountId, accountId), eq(notifications.fromId, accountId)))
}
