import { LRUCache } from 'lru-cache'
import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { digestOf } from '#server/federation/follower-sync/digest.ts'
import { readSyncHeader } from '#server/federation/follower-sync/header.ts'
import { mayCauseFetch } from '#server/federation/inbox/may-fetch.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { fetchJob } from '#server/jobs/fetch-job.ts'
import { findLocalFollows } from '#server/peers/follower-parts.ts'
import { hostOf } from '#server/platform/host-names.ts'
import { onePer } from '#server/platform/one-per.ts'

/** A server whose list differs is asked for it at most this often, an account. */
const askedMs = 10 * 60_000
/** How long the digest of our own followers of an account is believed: a difference that it hides shows with the next post. */
const digestMs = 60_000
const accountsMax = 5_000

/** Digests of our own followers, and whose servers were asked lately, by account. */
const rememberedOf = onePer(({ clock }: Context) => {
  const perf = { now: () => clock.now() }
  return {
    digests: new LRUCache<number, string>({ max: accountsMax, ttl: digestMs, perf }),
    asked: new LRUCache<number, true>({ max: accountsMax, ttl: askedMs, perf })
  }
})

/**
 * Hears what an account's server says of its followers here (FEP-8fcf): `header` came with a request that the account signed. It counts only of the
 * account's own followers collection, with a list on the account's own server; when it differs from what we have, a job asks for that list.
 */
export async function compareFollowers(ctx: Context, account: Account, header: string | string[] | undefined): Promise<void> {
  const claim = header === undefined ? undefined : readSyncHeader(header)
  if (!claim || account.followersUrl === null || claim.collectionId !== account.followersUrl) return
  if (hostOf(claim.url) !== hostOf(account.uri)) return
  const { digests, asked } = rememberedOf(ctx)
  let digest = digests.get(account.id)
  if (digest === undefined) digests.set(account.id, (digest = await localDigest(ctx, account.id)))
  if (digest === claim.digest || asked.has(account.id) || !(await mayCauseFetch(ctx, account))) return
  asked.set(account.id, true)
  digests.delete(account.id)
  const input = { accountId: account.id, url: claim.url, digest: claim.digest }
  await ctx.transact((tx) => enqueue(tx, fetchJob('settle-followers', account.id, input)))
}

/** The digest (hex) of those of ours who follow an account, accepted. */
export async function localDigest(ctx: Pick<Context, 'db'>, accountId: number): Promise<string> {
  const accepted = (await findLocalFollows(ctx.db, accountId)).filter((follow) => follow.state === 'accepted')
  return digestOf(accepted.map((follow) => follow.uri)).toString('hex')
}
