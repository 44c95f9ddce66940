import { and, eq, lte, type SQL } from 'drizzle-orm'
import type { Reader, Tx } from '#db/reader.ts'
import { communityBans } from '#db/schema/groups.ts'
import type { Context } from '#server/context.ts'
import { record } from '#server/facts.ts'
import { cleanText } from '#server/platform/clean-text.ts'

const reasonCharactersMax = 1_000

export type CommunityBan = typeof communityBans.$inferSelect

export interface ToldBan {
  groupId: number
  /** One of ours. */
  accountId: number
  /** Id of the Block. */
  uri: string | undefined
  reason: string
  /** ms since 1970; undefined until it is lifted. */
  expiresAt: number | undefined
}

/**
 * A community keeps one of ours out, in the transaction of the receipt (FEP-1b12, Block with `target`): it is no block between people, so that nobody
 * stops seeing anybody; but nothing of theirs is sent there any more. Said again, the newest end and reason count. Fact `community-banned`.
 */
export async function receiveCommunityBan(tx: Tx, { reason, ...ban }: ToldBan): Promise<void> {
  if (ban.expiresAt !== undefined && ban.expiresAt <= tx.now) return
  const told = { uri: ban.uri ?? null, reason: cleanText(reason, reasonCharactersMax), expiresAt: ban.expiresAt ?? null }
  await tx
    .insert(communityBans)
    .values({ id: tx.newId(), groupId: ban.groupId, accountId: ban.accountId, ...told, createdAt: tx.now })
    .onConflictDoUpdate({ target: [communityBans.groupId, communityBans.accountId], set: told })
  await record(tx, 'community-banned', { groupId: ban.groupId, accountId: ban.accountId })
}

/** The community lets them in again, named by whom it kept out or by the id of the Block. False when it kept nobody out. Fact `community-unbanned`. */
export async function liftCommunityBan(
  tx: Tx,
  named: { groupId: number; accountId?: number | undefined; uri?: string | undefined }
): Promise<boolean> {
  const which =
    named.accountId !== undefined
      ? eq(communityBans.accountId, named.accountId)
      : named.uri !== undefined
        ? eq(communityBans.uri, named.uri)
        : undefined
  if (!which) return false
  return end(tx, and(eq(communityBans.groupId, named.groupId), which))
}

/** The ban that stands now; undefined when there is none, or it is over. */
export async function findCommunityBan(db: Reader, groupId: number, accountId: number, now: number): Promise<CommunityBan | undefined> {
  const [ban] = await db
    .select()
    .from(communityBans)
    .where(and(eq(communityBans.groupId, groupId), eq(communityBans.accountId, accountId)))
  return ban && (ban.expiresAt === null || ban.expiresAt > now) ? ban : undefined
}

/** The ban a Block of this id made; undefined when there is none. */
export async function findCommunityBanByUri(db: Reader, uri: string): Promise<CommunityBan | undefined> {
  const [ban] = await db.select().from(communityBans).where(eq(communityBans.uri, uri)).limit(1)
  return ban
}

/** By the clock: ends the bans whose time is over. */
export async function sweepCommunityBans(ctx: Context): Promise<void> {
  await ctx.transact((tx) => end(tx, lte(communityBans.expiresAt, tx.now)))
}

async function end(tx: Tx, which: SQL | undefined): Promise<boolean> {
  const gone = await tx.delete(communityBans).where(which).returning({ groupId: communityBans.groupId, accountId: communityBans.accountId })
  for (const ids of gone) await record(tx, 'community-unbanned', ids)
  return gone.length > 0
}
