import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { listMembers, lists } from '#db/schema/timelines.ts'
import { handleOf } from '#server/accounts/handle-of.ts'
import { getAccount } from '#server/accounts/find-account.ts'
import { requirePerson, type Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { findFollow } from '#server/follows/find-follow.ts'
import { getList } from '#server/lists/find-lists.ts'

export const membersMax = 1_000

interface Membership {
  listId: number
  accountId: number
}

/** Puts somebody whom one follows into a list of one's own; nothing happens when they stand there. Refusals: `missing`, `forbidden`, `conflict` beyond 1,000 members. */
export async function addMember(ctx: Context, who: Who, { listId, accountId }: Membership): Promise<void> {
  requirePerson(who)
  const ownerId = who.account.id
  await ctx.transact(async (tx) => {
    const list = await getList(tx, ownerId, listId)
    await requireFollowed(tx, ownerId, accountId)
    await insertMember(tx, ownerId, list.id, accountId)
  })
}

/** Takes somebody out of a list of one's own; they are followed as before. Refusal `missing` for a list that is not one's own. */
export async function removeMember(ctx: Context, who: Who, { listId, accountId }: Membership): Promise<void> {
  requirePerson(who)
  await ctx.transact(async (tx) => {
    const list = await getList(tx, who.account.id, listId)
    await tx.delete(listMembers).where(and(eq(listMembers.listId, list.id), eq(listMembers.accountId, accountId)))
  })
}

/** Makes these, of one's own lists, the ones in which somebody stands whom one follows. Ids of other lists are passed over. Refusals as of `addMember`. */
export async function setListsOf(
  ctx: Context,
  who: Who,
  { accountId, listIds }: { accountId: number; listIds: readonly number[] }
): Promise<void> {
  requirePerson(who)
  const ownerId = who.account.id
  await ctx.transact(async (tx) => {
    const own = await tx.select({ id: lists.id }).from(lists).where(eq(lists.accountId, ownerId))
    const wanted = own.filter(({ id }) => listIds.includes(id))
    if (wanted.length > 0) await requireFollowed(tx, ownerId, accountId)
    const left = own.flatMap(({ id }) => (listIds.includes(id) ? [] : id))
    if (left.length > 0) await tx.delete(listMembers).where(and(inArray(listMembers.listId, left), eq(listMembers.accountId, accountId)))
    for (const { id } of wanted) await insertMember(tx, ownerId, id, accountId)
  })
}

/** A follow ended: whoever was followed leaves the follower's lists. */
export async function leaveLists(tx: Tx, ownerId: number, accountId: number): Promise<void> {
  await tx.delete(listMembers).where(and(eq(listMembers.ownerId, ownerId), eq(listMembers.accountId, accountId)))
}

/** Somebody moved, and one of ours follows them to the new account: it stands in the lists in which the old one stood. */
export async function carryLists(tx: Tx, ownerId: number, fromId: number, toId: number): Promise<void> {
  const rows = await tx
    .select({ listId: listMembers.listId })
    .from(listMembers)
    .where(and(eq(listMembers.ownerId, ownerId), eq(listMembers.accountId, fromId)))
  for (const { listId } of rows)
    await tx
      .insert(listMembers)
      .values({ id: tx.newId(), listId, ownerId, accountId: toId, createdAt: tx.now })
      .onConflictDoNothing({ target: [listMembers.listId, listMembers.accountId] })
}

async function requireFollowed(tx: Tx, ownerId: number, accountId: number): Promise<void> {
  const follow = await findFollow(tx, ownerId, accountId)
  if (follow?.state === 'accepted') return
  throw new Refusal('forbidden', 'errors.listNotFollowed', { handle: handleOf(await getAccount(tx, accountId)) })
}

async function insertMember(tx: Tx, ownerId: number, listId: number, accountId: number): Promise<void> {
  const [row] = await tx
    .select({ count: sql`count(*)`.mapWith(Number) })
    .from(listMembers)
    .where(eq(listMembers.listId, listId))
  if (row!.count >= membersMax) throw new Refusal('conflict', 'errors.listTooManyMembers', { limit: membersMax })
  await tx
    .insert(listMembers)
    .values({ id: tx.newId(), listId, ownerId, accountId, createdAt: tx.now })
    .onConflictDoNothing({ target: [listMembers.listId, listMembers.accountId] })
}
