import { and, eq, isNull } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { blocks, follows } from '#db/schema/follows.ts'
import { isOnHiddenDomain } from '#server/posts/quieting.ts'

export type FollowRow = typeof follows.$inferSelect

/** The row of who follows whom, pending or accepted. */
export async function findFollow(db: Reader, followerId: number, followedId: number): Promise<FollowRow | undefined> {
  const [row] = await db
    .select()
    .from(follows)
    .where(and(eq(follows.followerId, followerId), eq(follows.followedId, followedId)))
  return row
}

export async function findFollowById(db: Reader, id: number): Promise<FollowRow | undefined> {
  const [row] = await db.select().from(follows).where(eq(follows.id, id))
  return row
}

/** A follow of one of ours by the id we gave it. */
export async function findFollowByUri(db: Reader, uri: string): Promise<FollowRow | undefined> {
  const [row] = await db
    .select({ follow: follows })
    .from(follows)
    .innerJoin(accounts, eq(accounts.id, follows.followerId))
    .where(and(eq(follows.uri, uri), isNull(accounts.domain)))
    .limit(1)
  return row?.follow
}

/** Whether anybody of ours follows an account. */
export async function isFollowedHere(db: Reader, accountId: number): Promise<boolean> {
  const rows = await db
    .select({ id: follows.id })
    .from(follows)
    .innerJoin(accounts, eq(accounts.id, follows.followerId))
    .where(and(eq(follows.followedId, accountId), isNull(accounts.domain)))
    .limit(1)
  return rows.length > 0
}

export async function isBlocking(db: Reader, accountId: number, targetId: number): Promise<boolean> {
  const rows = await db
    .select({ id: blocks.id })
    .from(blocks)
    .where(and(eq(blocks.accountId, accountId), eq(blocks.targetId, targetId)))
  return rows.length > 0
}

/** Whether somebody hid the server of an account, which parts them as a block does. */
export async function hidesServerOf(db: Reader, viewerId: number, accountId: number): Promise<boolean> {
  const rows = await db
    .select({ id: accounts.id })
    .from(accounts)
    .where(and(eq(accounts.id, accountId), isOnHiddenDomain(viewerId, accounts.id)))
  return rows.length > 0
}
