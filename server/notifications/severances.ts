import { and, asc, desc, eq, gt, lt, type SQL, sql } from 'drizzle-orm'
import type { Reader, Tx } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { follows } from '#db/schema/follows.ts'
import { domainLimits } from '#db/schema/moderation.ts'
import { notifications, severances } from '#db/schema/notifications.ts'
import { users } from '#db/schema/sign-in.ts'
import type { Account } from '#server/accounts/who.ts'
import { isWithin } from '#server/accounts/within-domain.ts'
import type { Context } from '#server/context.ts'
import { followsCsv } from '#server/follows/write-csv.ts'

/** People told in one transaction. */
const peopleAtOnce = 100
const accountsPerPage = 40
const csvRowsMax = 20_000

export type Severance = typeof severances.$inferSelect

/** Reaction: a moderator suspended a server, and those of ours who know people there are told what rests until that is lifted. */
export async function tellSevered(ctx: Context, { domain }: { domain: string }): Promise<void> {
  const [limit] = await ctx.db.select().from(domainLimits).where(eq(domainLimits.domain, domain))
  if (limit?.severity !== 'suspend') return
  let after: number | undefined = 0
  while (after !== undefined) {
    const from: number = after
    after = await ctx.transact((tx) => tellSome(tx, domain, from))
  }
}

/** Reaction: the limit is lifted, and nothing rests any more. */
export async function forgetSevered(ctx: Context, { domain }: { domain: string }): Promise<void> {
  await ctx.transact(async (tx) => {
    const [limit] = await tx.select().from(domainLimits).where(eq(domainLimits.domain, domain))
    if (limit?.severity === 'suspend') return
    const gone = await tx.delete(severances).where(eq(severances.domain, domain)).returning({ id: severances.id })
    for (const { id } of gone) await tx.delete(notifications).where(and(eq(notifications.kind, 'severed'), eq(notifications.fromId, id)))
  })
}

/** Goes through our people in the order of their ids, some at once; gives the last id, or undefined after the last. May run again. */
async function tellSome(tx: Tx, domain: string, after: number): Promise<number | undefined> {
  const people = await tx
    .select({ id: users.accountId })
    .from(users)
    .where(gt(users.accountId, after))
    .orderBy(asc(users.accountId))
    .limit(peopleAtOnce)
  for (const { id: accountId } of people) {
    const followingCount = await countTies(tx, domain, and(eq(follows.followerId, accountId), eq(accounts.id, follows.followedId)))
    const followersCount = await countTies(tx, domain, and(eq(follows.followedId, accountId), eq(accounts.id, follows.followerId)))
    if (followingCount + followersCount === 0) continue
    const counted = { followingCount, followersCount, createdAt: tx.now }
    const [severance] = await tx
      .insert(severances)
      .values({ id: tx.newId(), accountId, domain, ...counted })
      .onConflictDoUpdate({ target: [severances.accountId, severances.domain], set: counted })
      .returning()
    await tx
      .insert(notifications)
      .values({ id: tx.newId(), accountId, kind: 'severed', fromId: severance!.id, createdAt: tx.now })
      .onConflictDoNothing({ target: [notifications.accountId, notifications.kind, notifications.fromId, notifications.postId] })
  }
  return people.at(-1)?.id
}

async function countTies(db: Reader, domain: string, tie: SQL | undefined): Promise<number> {
  const [row] = await db
    .select({ count: sql`count(*)`.mapWith(Number) })
    .from(follows)
    .innerJoin(accounts, tie)
    .where(and(eq(follows.state, 'accepted'), isWithin(accounts, domain)))
  return row!.count
}

export async function findSeverance(db: Reader, accountId: number, id: number): Promise<Severance | undefined> {
  const [row] = await db
    .select()
    .from(severances)
    .where(and(eq(severances.id, id), eq(severances.accountId, accountId)))
  return row
}

/** Whom somebody follows there or is followed by, newest account first; who was erased meanwhile is left out. */
export async function listSevered(
  db: Reader,
  { accountId, domain }: Severance,
  before = Number.MAX_SAFE_INTEGER
): Promise<{ accounts: Account[]; olderCursor: number | undefined }> {
  const isTied = sql`${accounts.id} in (select followed_id from ${follows} where follower_id = ${accountId} and state = 'accepted'
    union select follower_id from ${follows} where followed_id = ${accountId} and state = 'accepted')`
  const rows = await db
    .select()
    .from(accounts)
    .where(and(isTied, isWithin(accounts, domain), sql`${accounts.deletedAt} is null`, lt(accounts.id, before)))
    .orderBy(desc(accounts.id))
    .limit(accountsPerPage + 1)
  const shown = rows.slice(0, accountsPerPage)
  return { accounts: shown, olderCursor: rows.length > accountsPerPage ? shown.at(-1)!.id : undefined }
}

/** Whom somebody follows there, as a file to take elsewhere. */
export async function severedCsv(db: Reader, { accountId, domain }: Severance): Promise<string> {
  const rows = await db
    .select({ name: accounts.name, domain: accounts.domain, showBoosts: follows.showBoosts, notifies: follows.notifies })
    .from(follows)
    .innerJoin(accounts, eq(accounts.id, follows.followedId))
    .where(and(eq(follows.followerId, accountId), eq(follows.state, 'accepted'), isWithin(accounts, domain)))
    .orderBy(asc(accounts.id))
    .limit(csvRowsMax)
  return followsCsv(rows.map(({ name, domain: host, ...choices }) => ({ address: `${name}@${host}`, ...choices })))
}
