import { and, asc, eq, gt, isNull, or } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { blocks, follows, mutes } from '#db/schema/follows.ts'
import { isHidden } from '#server/accounts/shown-account.ts'
import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { record } from '#server/facts.ts'
import { partFrom } from '#server/follows/block-account.ts'
import { isBlocking } from '#server/follows/find-follow.ts'
import { requestFollow } from '#server/follows/follow-account.ts'
import { endFollow } from '#server/follows/receive-follow-answer.ts'
import { carryLists } from '#server/lists/list-members.ts'
import { findPair } from '#server/peers/relations.ts'

/** Rows taken along in one transaction: others get their turn between, however many followers somebody has. */
const rowsAtOnce = 50

interface Move {
  from: Account
  to: Account
}

/** Takes some rows along, from after an id; gives the last id, or undefined once nothing was left. May run again at any point. */
type Carry = (tx: Tx, move: Move, after: number) => Promise<number | undefined>

/** What our people's ties to somebody are, and so what goes along when they move; lists go with the follow. Blocks come first: whoever blocks does not follow. */
const ties: readonly Carry[] = [carryBlocks, carryMutes, carryFollows]

/**
 * Reaction: an account moved, and what our people have with it goes along. Does nothing (more) once the move was taken back, or the new account is gone.
 * Of those who follow the old one, whoever cannot follow the new one stays.
 */
export async function carryOver(ctx: Context, { accountId, targetId }: { accountId: number; targetId: number }): Promise<void> {
  for (const carry of ties) {
    let after: number | undefined = 0
    while (after !== undefined) {
      const last: number = after
      after = await ctx.transact(async (tx) => {
        const move = await findMove(tx, accountId, targetId)
        return move && carry(tx, move, last)
      })
    }
  }
}

async function findMove(tx: Tx, accountId: number, targetId: number): Promise<Move | undefined> {
  const [from, to] = (await findPair(tx, accountId, targetId)) ?? []
  return from && to && from.movedToUri === to.uri && !isHidden(to) ? { from, to } : undefined
}

async function carryBlocks(tx: Tx, { from, to }: Move, after: number): Promise<number | undefined> {
  const rows = await tx
    .select({ id: blocks.id, person: accounts })
    .from(blocks)
    .innerJoin(accounts, eq(accounts.id, blocks.accountId))
    .where(and(eq(blocks.targetId, from.id), isNull(accounts.domain), gt(blocks.id, after)))
    .orderBy(asc(blocks.id))
    .limit(rowsAtOnce)
  for (const { person } of rows) if (person.id !== to.id && person.deletedAt === null) await partFrom(tx, person, to)
  return rows.at(-1)?.id
}

async function carryMutes(tx: Tx, { from, to }: Move, after: number): Promise<number | undefined> {
  const rows = await tx
    .select()
    .from(mutes)
    .where(and(eq(mutes.targetId, from.id), gt(mutes.id, after), or(isNull(mutes.expiresAt), gt(mutes.expiresAt, tx.now))))
    .orderBy(asc(mutes.id))
    .limit(rowsAtOnce)
  for (const { accountId, hidesNotifications, expiresAt } of rows) {
    if (accountId === to.id) continue
    await tx
      .insert(mutes)
      .values({ id: tx.newId(), accountId, targetId: to.id, hidesNotifications, expiresAt, createdAt: tx.now })
      .onConflictDoNothing({ target: [mutes.accountId, mutes.targetId] })
  }
  return rows.at(-1)?.id
}

async function carryFollows(tx: Tx, { from, to }: Move, after: number): Promise<number | undefined> {
  const rows = await tx
    .select({ follow: follows, person: accounts })
    .from(follows)
    .innerJoin(accounts, eq(accounts.id, follows.followerId))
    .where(and(eq(follows.followedId, from.id), eq(follows.state, 'accepted'), isNull(accounts.domain), gt(follows.id, after)))
    .orderBy(asc(follows.id))
    .limit(rowsAtOnce)
  for (const { follow, person } of rows) {
    if (!(await mayGoAlong(tx, person, to))) continue
    await requestFollow(tx, person, to, follow)
    await carryLists(tx, person.id, from.id, to.id)
    await endFollow(tx, follow.id)
    await record(tx, 'follower-moved', { followerId: person.id, accountId: from.id, targetId: to.id, followUri: follow.uri })
  }
  return rows.at(-1)?.follow.id
}

async function mayGoAlong(tx: Tx, person: Account, to: Account): Promise<boolean> {
  if (person.id === to.id || person.suspendedAt !== null || person.deletedAt !== null || person.movedToUri !== null) return false
  return !(await isBlocking(tx, person.id, to.id)) && !(await isBlocking(tx, to.id, person.id))
}
