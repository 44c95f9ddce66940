import { and, asc, count, eq, isNotNull, or, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import type { Reader, Tx } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { follows, hiddenDomains } from '#db/schema/follows.ts'
import { requirePerson, type Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { record } from '#server/facts.ts'
import { endFollowerOf } from '#server/follows/answer-request.ts'
import { findFollow } from '#server/follows/find-follow.ts'
import { endFollow } from '#server/follows/receive-follow-answer.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { domainCharactersShown } from '#server/moderation/domain-limits.ts'
import { isWithinDomain, normalizeHost } from '#server/platform/host-names.ts'
import { isOnHiddenDomain } from '#server/posts/quieting.ts'

/** Servers that one person may hide: each list of posts looks through all of them. */
export const hiddenDomainsMax = 200
/** Follows ended in one transaction. */
const followsAtOnce = 50

const jobKind = 'part-from-hidden'

/**
 * Takes everything of a server, and of those below it, out of sight for one person: posts, boosts, notifications, searches. Follows between them and people
 * there end, in a job. The domain as it is kept. Refusals (field `domain`): `invalid` for what is no server or is ours, `conflict` beyond 200.
 */
export async function hideDomain(ctx: Context, who: Who, { domain: typed }: { domain: string }): Promise<string> {
  requirePerson(who)
  const domain = normalizeHost(typed.trim().replace(/^(?:\*\.|@)/, ''))
  if (domain === undefined) throw new Refusal('invalid', 'errors.noDomain', { domain: typed.slice(0, domainCharactersShown) }, 'domain')
  if (isWithinDomain(ctx.config.host, domain) || isWithinDomain(ctx.config.handleDomain, domain))
    throw new Refusal('invalid', 'errors.ownDomain', {}, 'domain')
  const accountId = who.account.id
  await ctx.transact(async (tx) => {
    const [held] = await tx.select({ count: count() }).from(hiddenDomains).where(eq(hiddenDomains.accountId, accountId))
    if (Number(held?.count) >= hiddenDomainsMax)
      throw new Refusal('conflict', 'errors.hiddenDomainsTooMany', { max: hiddenDomainsMax }, 'domain')
    await tx
      .insert(hiddenDomains)
      .values({ id: tx.newId(), accountId, domain, createdAt: tx.now })
      .onConflictDoNothing({ target: [hiddenDomains.accountId, hiddenDomains.domain] })
    await enqueue(tx, { kind: jobKind, input: { accountId }, lane: 'slow' })
  })
  return domain
}

/** Shows a server again; follows that ended stay ended. Nothing happens when it is not hidden. */
export async function showDomain(ctx: Context, who: Who, { domain }: { domain: string }): Promise<void> {
  requirePerson(who)
  await ctx.transact(async (tx) => {
    await tx.delete(hiddenDomains).where(and(eq(hiddenDomains.accountId, who.account.id), eq(hiddenDomains.domain, domain)))
  })
}

/** The servers somebody hid, by name. */
export async function listHiddenDomains(db: Reader, accountId: number): Promise<string[]> {
  const rows = await db
    .select({ domain: hiddenDomains.domain })
    .from(hiddenDomains)
    .where(eq(hiddenDomains.accountId, accountId))
    .orderBy(asc(hiddenDomains.domain))
  return rows.map(({ domain }) => domain)
}

/** A job: ends what follows there are between somebody and the servers they hid, so many a transaction, saying so to the servers. */
export async function partFromHidden(ctx: Context, { accountId }: { accountId: number }): Promise<void> {
  while (await ctx.transact((tx) => partFromSome(tx, accountId)));
}

/** False once nothing was left. */
async function partFromSome(tx: Tx, accountId: number): Promise<boolean> {
  const other = alias(accounts, 'other')
  const otherId = sql`case when ${follows.followerId} = ${accountId} then ${follows.followedId} else ${follows.followerId} end`
  const rows = await tx
    .select({ id: other.id })
    .from(follows)
    .innerJoin(other, sql`${other.id} = ${otherId}`)
    .where(
      and(
        or(eq(follows.followerId, accountId), eq(follows.followedId, accountId)),
        isNotNull(other.domain),
        isOnHiddenDomain(accountId, other.id)
      )
    )
    .limit(followsAtOnce)
  for (const { id } of rows) {
    const follow = await findFollow(tx, accountId, id)
    const gone = follow && (await endFollow(tx, follow.id))
    if (gone) await record(tx, 'follow-undone', { followerId: accountId, followedId: id, followUri: gone.uri })
    await endFollowerOf(tx, accountId, id)
  }
  return rows.length > 0
}

export const hiddenDomainJobs = { [jobKind]: partFromHidden }
