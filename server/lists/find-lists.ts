import { and, asc, desc, eq, inArray, lt, sql } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { listMembers, lists } from '#db/schema/timelines.ts'
import { Refusal } from '#server/errors.ts'
import type { PeopleRow } from '#server/follows/lists.ts'

export type ListRow = typeof lists.$inferSelect

/** The lists of one person, by their titles. */
export async function listsOf(db: Reader, ownerId: number): Promise<(ListRow & { membersCount: number })[]> {
  const membersCount = sql<number>`(select count(*) from ${listMembers} where ${listMembers.listId} = ${lists.id})`.mapWith(Number)
  const rows = await db
    .select({ list: lists, membersCount: membersCount.as('members_count') })
    .from(lists)
    .where(eq(lists.accountId, ownerId))
    .orderBy(asc(sql`lower(${lists.title})`), asc(lists.id))
  return rows.map(({ list, membersCount }) => ({ ...list, membersCount }))
}

/** A list of this person's own. Refusal('missing') for anybody else's: nobody learns that it is there. */
export async function getList(db: Reader, ownerId: number, listId: number): Promise<ListRow> {
  const [list] = await db
    .select()
    .from(lists)
    .where(and(eq(lists.id, listId), eq(lists.accountId, ownerId)))
  if (!list) throw new Refusal('missing', 'errors.listMissing')
  return list
}

/** Whom a list gathers, newest first; cursors are ids of memberships. */
export function membersOf(
  db: Reader,
  listId: number,
  { before, limit }: { before?: number | undefined; limit: number }
): Promise<PeopleRow[]> {
  return db
    .select({ account: accounts, cursor: listMembers.id })
    .from(listMembers)
    .innerJoin(accounts, eq(accounts.id, listMembers.accountId))
    .where(and(eq(listMembers.listId, listId), before === undefined ? undefined : lt(listMembers.id, before)))
    .orderBy(desc(listMembers.id))
    .limit(limit)
}

/** Which of some accounts stand in a list. */
export async function membersAmong(db: Reader, listId: number, accountIds: readonly number[]): Promise<Set<number>> {
  if (accountIds.length === 0) return new Set()
  const rows = await db
    .select({ id: listMembers.accountId })
    .from(listMembers)
    .where(and(eq(listMembers.listId, listId), inArray(listMembers.accountId, [...accountIds])))
  return new Set(rows.map(({ id }) => id))
}

/** Ids of the lists of one person in which somebody stands. */
export async function listsWith(db: Reader, ownerId: number, accountId: number): Promise<Set<number>> {
  const rows = await db
    .select({ id: listMembers.listId })
    .from(listMembers)
    .where(and(eq(listMembers.ownerId, ownerId), eq(listMembers.accountId, accountId)))
  return new Set(rows.map(({ id }) => id))
}
