import { and, asc, eq } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { featuredTags } from '#db/schema/profiles.ts'
import type { Person } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { tagKey } from '#server/posts/find-mentions.ts'
import { readTag } from '#server/posts/read-tag.ts'

export const featuredTagsMax = 10

/** Tags that an account shows on its profile, the first one first. */
export async function featuredTagsOf(db: Reader, accountId: number): Promise<string[]> {
  const rows = await db
    .select({ tag: featuredTags.tag })
    .from(featuredTags)
    .where(eq(featuredTags.accountId, accountId))
    .orderBy(asc(featuredTags.id))
  return rows.map(({ tag }) => tag)
}

/** Shows a tag on one's profile, once. Refusals at `tag`: `invalid` when it is none, or there are too many. */
export async function featureTag(ctx: Context, who: Person, typed: string): Promise<void> {
  const tag = readTag(typed)
  await ctx.transact(async (tx) => {
    const accountId = who.account.id
    if ((await tx.$count(featuredTags, eq(featuredTags.accountId, accountId))) >= featuredTagsMax)
      throw new Refusal('invalid', 'form.tooMany', { limit: featuredTagsMax }, 'tag')
    await tx
      .insert(featuredTags)
      .values({ id: tx.newId(), accountId, tag, createdAt: tx.now })
      .onConflictDoNothing({ target: [featuredTags.accountId, featuredTags.tag] })
  })
}

/** Shows it no longer; does nothing when it was not shown. */
export async function unfeatureTag(ctx: Context, who: Person, tag: string): Promise<void> {
  await ctx.transact(async (tx) => {
    await tx.delete(featuredTags).where(and(eq(featuredTags.accountId, who.account.id), eq(featuredTags.tag, tagKey(tag))))
  })
}
