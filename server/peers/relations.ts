import { eq, inArray } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { favourites, posts } from '#db/schema/posts.ts'
import { reactions } from '#db/schema/reactions.ts'
import type { Account } from '#server/accounts/who.ts'

/** Two accounts by their ids, in that order; undefined when one is unknown. */
export async function findPair(db: Reader, oneId: number, otherId: number): Promise<[Account, Account] | undefined> {
  const rows = await db
    .select()
    .from(accounts)
    .where(inArray(accounts.id, [oneId, otherId]))
  const [one, other] = [rows.find((row) => row.id === oneId), rows.find((row) => row.id === otherId)]
  return one && other ? [one, other] : undefined
}

/** Whether a favourite still stands. */
export async function hasFavourite(db: Reader, id: number): Promise<boolean> {
  const rows = await db.select({ id: favourites.id }).from(favourites).where(eq(favourites.id, id))
  return rows.length > 0
}

/** A reaction that still stands. */
export async function findReaction(db: Reader, id: number): Promise<{ emoji: string } | undefined> {
  const [row] = await db.select({ emoji: reactions.emoji }).from(reactions).where(eq(reactions.id, id))
  return row
}

/** What an activity about a post names: its address, its author, whether both live elsewhere, and the community it is in. */
export async function findPostWithAuthor(
  db: Reader,
  postId: number
): Promise<{ uri: string; isLocal: boolean; isLocalOnly: boolean; audienceUri: string | null; author: Account } | undefined> {
  const [row] = await db
    .select({ uri: posts.uri, isLocal: posts.isLocal, isLocalOnly: posts.isLocalOnly, audienceUri: posts.audienceUri, author: accounts })
    .from(posts)
    .innerJoin(accounts, eq(accounts.id, posts.authorId))
    .where(eq(posts.id, postId))
  return row
}
