import { and, count, eq, inArray, sql } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { filterKeywords, filterPosts, filters } from '#db/schema/filters.ts'
import { users } from '#db/schema/sign-in.ts'
import { requirePerson, type Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { checkFilter, type FilterDraft } from '#server/filters/check-filter.ts'
import { filterLimits } from '#server/filters/limits.ts'
import { getOriginal } from '#server/posts/find-post.ts'

/**
 * Makes a filter of somebody's own, for its keywords and (when given) a single post; the new id. Refusals as checkFilter's, `invalid` when it is for nothing at
 * all, `conflict` beyond 100, `missing` for a post that is not for them.
 */
export async function createFilter(
  ctx: Context,
  who: Who,
  { postId, ...draft }: FilterDraft & { postId?: number | undefined }
): Promise<number> {
  requirePerson(who)
  const accountId = who.account.id
  const { title, action, places, durationMs, keywords } = checkFilter(draft)
  if (keywords.length === 0 && postId === undefined) throw new Refusal('invalid', 'errors.filterEmpty', {}, 'keyword1')
  const post = postId === undefined ? undefined : await getOriginal(ctx.db, accountId, postId)
  return ctx.transact(async (tx) => {
    const [held] = await tx.select({ count: count() }).from(filters).where(eq(filters.accountId, accountId))
    if (Number(held?.count) >= filterLimits.filtersMax)
      throw new Refusal('conflict', 'errors.filtersMax', { limit: filterLimits.filtersMax })
    const id = tx.newId()
    const expiresAt = typeof durationMs === 'number' ? tx.now + durationMs : null
    await tx.insert(filters).values({ id, accountId, title, action, places: [...places], expiresAt, createdAt: tx.now })
    await writeKeywords(tx, id, keywords)
    if (post) await tx.insert(filterPosts).values({ filterId: id, postId: post.id, createdAt: tx.now })
    await countChange(tx, accountId)
    return id
  })
}

/**
 * Changes a filter to what was typed; single posts in `removePostIds` leave it. Refusals as checkFilter's, `missing` for anybody else's, `invalid` when nothing
 * would be left that it is for.
 */
export async function changeFilter(
  ctx: Context,
  who: Who,
  { id, removePostIds = [], ...draft }: FilterDraft & { id: number; removePostIds?: readonly number[] }
): Promise<void> {
  requirePerson(who)
  const { title, action, places, durationMs, keywords } = checkFilter(draft)
  await ctx.transact(async (tx) => {
    const expiry = durationMs === undefined ? {} : { expiresAt: durationMs === null ? null : tx.now + durationMs }
    const [changed] = await tx
      .update(filters)
      .set({ title, action, places: [...places], ...expiry })
      .where(isOwn(id, who.account.id))
      .returning({ id: filters.id })
    if (!changed) throw new Refusal('missing', 'errors.missing')
    await tx.delete(filterKeywords).where(eq(filterKeywords.filterId, id))
    await writeKeywords(tx, id, keywords)
    const gone = removePostIds.slice(0, filterLimits.postsMax)
    if (gone.length > 0) await tx.delete(filterPosts).where(and(eq(filterPosts.filterId, id), inArray(filterPosts.postId, gone)))
    if (keywords.length === 0 && (await countPosts(tx, id)) === 0) throw new Refusal('invalid', 'errors.filterEmpty', {}, 'keyword1')
    await countChange(tx, who.account.id)
  })
}

/** Takes a filter away. Refusal `missing` for anybody else's. */
export async function removeFilter(ctx: Context, who: Who, { id }: { id: number }): Promise<void> {
  requirePerson(who)
  await ctx.transact(async (tx) => {
    const gone = await tx.delete(filters).where(isOwn(id, who.account.id)).returning({ id: filters.id })
    if (gone.length === 0) throw new Refusal('missing', 'errors.missing')
    await countChange(tx, who.account.id)
  })
}

/** Puts a single post into a filter of one's own, once. Refusals `missing` for a filter or post that is not for them, `conflict` beyond 200 posts. */
export async function addToFilter(ctx: Context, who: Who, { id, postId }: { id: number; postId: number }): Promise<void> {
  requirePerson(who)
  const post = await getOriginal(ctx.db, who.account.id, postId)
  await ctx.transact(async (tx) => {
    const [own] = await tx.select({ id: filters.id }).from(filters).where(isOwn(id, who.account.id))
    if (!own) throw new Refusal('missing', 'errors.missing')
    if ((await countPosts(tx, id)) >= filterLimits.postsMax)
      throw new Refusal('conflict', 'errors.filterPostsMax', { limit: filterLimits.postsMax }, 'filter')
    await tx.insert(filterPosts).values({ filterId: id, postId: post.id, createdAt: tx.now }).onConflictDoNothing()
    await countChange(tx, who.account.id)
  })
}

function isOwn(id: number, accountId: number) {
  return and(eq(filters.id, id), eq(filters.accountId, accountId))
}

async function writeKeywords(tx: Tx, filterId: number, keywords: FilterDraft['keywords']): Promise<void> {
  for (const keyword of keywords) await tx.insert(filterKeywords).values({ id: tx.newId(), filterId, ...keyword })
}

async function countPosts(tx: Tx, filterId: number): Promise<number> {
  const [held] = await tx.select({ count: count() }).from(filterPosts).where(eq(filterPosts.filterId, filterId))
  return Number(held?.count ?? 0)
}

/** What is kept compiled of them is asked for by this number. */
async function countChange(tx: Tx, accountId: number): Promise<void> {
  await tx
    .update(users)
    .set({ filtersVersion: sql`${users.filtersVersion} + 1` })
    .where(eq(users.accountId, accountId))
}
