import { and, asc, desc, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import type { Reader } from '#db/reader.ts'
import { posts, postTags } from '#db/schema/posts.ts'
import type { Account } from '#server/accounts/who.ts'
import { findFollowed } from '#server/follows/find-followed.ts'
import { tagKey } from '#server/posts/find-mentions.ts'
import { findAccounts } from '#server/search/find-accounts.ts'
import { findTags } from '#server/search/find-tags.ts'
import { searchKey } from '#server/search/like-pattern.ts'

/** How many are offered at once: what one sees without scrolling. */
export const offeredMax = 8
/** So many of somebody's newest posts say which hashtags they use. */
const ownPostsMax = 500

/**
 * People to mention whose handle begins with what was typed (`bo`, `bo@exa`), or whose display name holds it: those the viewer follows first, then whoever may be
 * found (see findAccounts). Nobody who is hidden, blocked in either direction, or does not want to be found by strangers.
 */
export async function completePeople(db: Reader, viewerId: number, typed: string): Promise<Account[]> {
  const words = searchKey(typed).replace(/^@/, '')
  if (words === '') return []
  const followed = await findFollowed(db, viewerId, words, offeredMax)
  const people = new Map(followed.map((account) => [account.id, account]))
  if (people.size < offeredMax) for (const account of await findAccounts(db, viewerId, words)) people.set(account.id, account)
  return [...people.values()].slice(0, offeredMax)
}

/** Hashtags (keys) that begin with what was typed: those the viewer used lately, the most used first, then any of public posts. */
export async function completeTags(db: Reader, viewerId: number, typed: string): Promise<string[]> {
  const start = tagKey(typed)
  if (start === '') return []
  const own = alias(posts, 'own')
  const used = await db
    .select({ tag: postTags.tag })
    .from(postTags)
    .where(
      and(
        sql`${postTags.postId} in (select id from ${posts} own where ${own.authorId} = ${viewerId} and ${own.deletedAt} is null order by id desc limit ${ownPostsMax})`,
        sql`substr(${postTags.tag}, 1, ${[...start].length}) = ${start}`
      )
    )
    .groupBy(postTags.tag)
    .orderBy(desc(sql`count(*)`), asc(postTags.tag))
    .limit(offeredMax)
  const tags = new Set(used.map(({ tag }) => tag))
  if (tags.size < offeredMax) for (const tag of await findTags(db, viewerId, start)) tags.add(tag)
  return [...tags].slice(0, offeredMax)
}
