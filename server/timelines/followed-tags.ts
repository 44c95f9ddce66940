import { and, asc, eq, sql } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { followedTags } from '#db/schema/timelines.ts'
import { requirePerson, type Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { tagKey } from '#server/posts/find-mentions.ts'
import { readTag } from '#server/posts/read-tag.ts'

/** Each costs a look-up whenever home is read. */
export const followedTagsMax = 100

/** Hashtags that somebody follows (keys as of tagKey), in their order. */
export async function followedTagsOf(db: Reader, accountId: number): Promise<string[]> {
  const rows = await db
    .select({ tag: followedTags.tag })
    .from(followedTags)
    .where(eq(followedTags.accountId, accountId))
    .orderBy(asc(followedTags.tag))
  return rows.map(({ tag }) => tag)
}

export async function isFollowingTag(db: Reader, accountId: number, tag: string): Promise<boolean> {
  const rows = await db
    .select({ id: followedTags.id })
    .from(followedTags)
    .where(and(eq(followedTags.accountId, accountId), eq(followedTags.tag, tag)))
  return rows.length > 0
}

/**
 * Public posts under a hashtag (with or without its sign) stand in one's home from now on. Returns its key; following again changes nothing. Refusals:
 * `invalid` at `tag` for what is no hashtag, `conflict` beyond 100.
 */
export async function followTag(ctx: Context, who: Who, { tag: typed }: { tag: string }): Promise<string> {
  requirePerson(who)
  const accountId = who.account.id
  const tag = readTag(typed)
  await ctx.transact(async (tx) => {
    if (await isFollowingTag(tx, accountId, tag)) return
    const [row] = await tx
      .select({ count: sql`count(*)`.mapWith(Number) })
      .from(followedTags)
      .where(eq(followedTags.accountId, accountId))
    if (row!.count >= followedTagsMax) throw new Refusal('conflict', 'errors.tagTooMany', { limit: followedTagsMax }, 'tag')
    await tx
      .insert(followedTags)
      .values({ id: tx.newId(), accountId, tag, createdAt: tx.now })
      .onConflictDoNothing({ target: [followedTags.accountId, followedTags.tag] })
  })
  return tag
}

export async function unfollowTag(ctx: Context, who: Who, { tag }: { tag: string }): Promise<void> {
  requirePerson(who)
  await ctx.transact(async (tx) => {
    await tx.delete(followedTags).where(and(eq(followedTags.accountId, who.account.id), eq(followedTags.tag, tagKey(tag))))
  })
}
