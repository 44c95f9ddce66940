import { and, eq, gt, inArray, isNull, or } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { blocks, follows, mutes } from '#db/schema/follows.ts'

/** How one of ours and another account stand to each other. */
export interface Relation {
  /** Whether I follow them, or asked to. */
  following: 'accepted' | 'pending' | undefined
  showsBoosts: boolean
  /** Their replies to others. */
  showsReplies: boolean
  /** I am told of each of their posts. */
  notifies: boolean
  /** Whether they follow me, or ask to. */
  followedBy: 'accepted' | 'pending' | undefined
  isBlocking: boolean
  isBlockedBy: boolean
  isMuting: boolean
}

export const noRelation: Relation = {
  following: undefined,
  showsBoosts: true,
  showsReplies: true,
  notifies: false,
  followedBy: undefined,
  isBlocking: false,
  isBlockedBy: false,
  isMuting: false
}

/** The relations of one account to others (at most a page of them), by their ids; every id asked for is there. */
export async function relationsOf(db: Reader, me: number, others: readonly number[], now: number): Promise<Map<number, Relation>> {
  const relations = new Map(others.map((id) => [id, { ...noRelation }]))
  if (others.length === 0) return relations
  const ids = [...relations.keys()]
  const [mine, theirs, blocked, muted] = await Promise.all([
    db
      .select()
      .from(follows)
      .where(and(eq(follows.followerId, me), inArray(follows.followedId, ids))),
    db
      .select()
      .from(follows)
      .where(and(eq(follows.followedId, me), inArray(follows.followerId, ids))),
    db
      .select({ accountId: blocks.accountId, targetId: blocks.targetId })
      .from(blocks)
      .where(
        or(and(eq(blocks.accountId, me), inArray(blocks.targetId, ids)), and(eq(blocks.targetId, me), inArray(blocks.accountId, ids)))
      ),
    db
      .select({ targetId: mutes.targetId })
      .from(mutes)
      .where(and(eq(mutes.accountId, me), inArray(mutes.targetId, ids), or(isNull(mutes.expiresAt), gt(mutes.expiresAt, now))))
  ])
  for (const { followedId, state, showBoosts, showReplies, notifies } of mine)
    Object.assign(relations.get(followedId)!, { following: state, showsBoosts: showBoosts, showsReplies: showReplies, notifies })
  for (const { followerId, state } of theirs) relations.get(followerId)!.followedBy = state
  for (const { accountId, targetId } of blocked) {
    if (accountId === me) relations.get(targetId)!.isBlocking = true
    else relations.get(accountId)!.isBlockedBy = true
  }
  for (const { targetId } of muted) relations.get(targetId)!.isMuting = true
  return relations
}
