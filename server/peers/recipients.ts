import { and, eq, inArray, isNotNull, isNull, or, sql } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { blocks, follows } from '#db/schema/follows.ts'
import { communityBans } from '#db/schema/groups.ts'
import { pollVotes } from '#db/schema/polls.ts'
import { favourites, postAudience, posts } from '#db/schema/posts.ts'
import { reactions } from '#db/schema/reactions.ts'
import { hostsOfLane, type Inbox, toInbox } from '#server/peers/inbox.ts'
import { chunksOf } from '#server/platform/chunks.ts'
import { siteOf } from '#server/platform/host-names.ts'

/** Of those who answered, boosted or favourited a post; beyond that only followers hear of a change. */
const interactedMax = 5_000

/** Inboxes on one server of others that the accounts of one owner of names have us send to: thousands of made-up addresses there would be a flood of ours. */
const borrowedInboxesMax = 100

/** A remote account that something may be sent to. */
export interface Recipient {
  accountId: number
  inbox: Inbox
  /** The inbox its server shares among its accounts; its own when there is none. */
  sharedInbox: Inbox
}

/** Remote accounts only, neither suspended (nor their domain) nor erased. */
const isReachable = and(
  isNotNull(accounts.domain),
  isNotNull(accounts.inboxUrl),
  isNull(accounts.suspendedAt),
  isNull(accounts.deletedAt),
  sql`${accounts.domainSeverity} is distinct from 'suspend'`
)

/** Distinct inboxes of an account's followers, shared ones joined; nobody who is blocked by the account or blocks it. */
export async function findFollowerInboxes(db: Reader, accountId: number): Promise<Inbox[]> {
  const rows = await db
    .selectDistinct({ url: sql<string>`coalesce(${accounts.sharedInboxUrl}, ${accounts.inboxUrl})`, host: accounts.host })
    .from(follows)
    .innerJoin(accounts, eq(accounts.id, follows.followerId))
    .where(and(eq(follows.followedId, accountId), eq(follows.state, 'accepted'), isReachable, isNotBlocked(accountId)))
  return withoutFlood(rows.map((row) => toInbox(row.url, row.host)).filter((inbox) => inbox !== undefined))
}

/** The remote ones among some accounts, without those blocked by the sender or blocking it, and without communities that keep the sender out. */
export async function findRecipients(
  db: Reader,
  senderId: number,
  accountIds: readonly number[],
  { isBlockIgnored = false } = {}
): Promise<Recipient[]> {
  const found: Recipient[] = []
  const ids = [...new Set(accountIds)]
  for (const some of chunksOf(ids)) {
    const rows = await db
      .select({ accountId: accounts.id, inboxUrl: accounts.inboxUrl, sharedInboxUrl: accounts.sharedInboxUrl, host: accounts.host })
      .from(accounts)
      .where(and(inArray(accounts.id, some), isReachable, isBlockIgnored ? undefined : isNotBlocked(senderId)))
    for (const row of rows) {
      const inbox = toInbox(row.inboxUrl, row.host)
      if (inbox) found.push({ accountId: row.accountId, inbox, sharedInbox: toInbox(row.sharedInboxUrl, row.host) ?? inbox })
    }
  }
  return found
}

/** Ids of remote accounts that answered, boosted, favourited or voted in a post, and so keep a copy of it; of a deleted one, those its tombstone names. */
export async function findInteractedIds(db: Reader, postId: number): Promise<number[]> {
  const authors = await db
    .selectDistinct({ id: posts.authorId })
    .from(posts)
    .where(and(or(eq(posts.replyToId, postId), eq(posts.boostOfId, postId)), eq(posts.isLocal, false)))
    .limit(interactedMax)
  const fans = await db
    .selectDistinct({ id: favourites.accountId })
    .from(favourites)
    .where(eq(favourites.postId, postId))
    .limit(interactedMax)
  const voters = await db
    .selectDistinct({ id: pollVotes.accountId })
    .from(pollVotes)
    .where(eq(pollVotes.postId, postId))
    .limit(interactedMax)
  const reacted = await db
    .selectDistinct({ id: reactions.accountId })
    .from(reactions)
    .where(eq(reactions.postId, postId))
    .limit(interactedMax)
  const silent = await db
    .selectDistinct({ id: postAudience.accountId })
    .from(postAudience)
    .where(and(eq(postAudience.postId, postId), eq(postAudience.kind, 'silent')))
  return [...new Set([...authors, ...fans, ...voters, ...reacted, ...silent].map((row) => row.id))]
}

/** Every inbox that servers known here share, for what concerns all of them: the end of an account. */
export async function findAllInboxes(db: Reader): Promise<Inbox[]> {
  const rows = await db
    .selectDistinct({ url: sql<string>`coalesce(${accounts.sharedInboxUrl}, ${accounts.inboxUrl})`, host: accounts.host })
    .from(accounts)
    .where(isReachable)
  return withoutFlood(rows.map((row) => toInbox(row.url, row.host)).filter((inbox) => inbox !== undefined))
}

function withoutFlood(inboxes: Inbox[]): Inbox[] {
  const counts = new Map<string, number>()
  return inboxes.filter(({ host: lane }) => {
    const [host = '', owner] = hostsOfLane(lane)
    if (owner === undefined) return true
    const borrowed = `${host} ${siteOf(owner)}`
    const count = (counts.get(borrowed) ?? 0) + 1
    counts.set(borrowed, count)
    return count <= borrowedInboxesMax
  })
}

function isNotBlocked(senderId: number) {
  return sql`not exists (
    select 1 from ${blocks} where (${blocks.accountId} = ${senderId} and ${blocks.targetId} = ${accounts.id})
      or (${blocks.accountId} = ${accounts.id} and ${blocks.targetId} = ${senderId}))
    and not exists (select 1 from ${communityBans} where ${communityBans.groupId} = ${accounts.id} and ${communityBans.accountId} = ${senderId})`
}
