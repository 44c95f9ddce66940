import { findAccount } from '#server/accounts/find-account.ts'
import { isHidden } from '#server/accounts/shown-account.ts'
import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { readCollectionPage } from '#server/federation/collection-page.ts'
import type { FetchOptions } from '#server/federation/fetch-document.ts'
import { FetchFault } from '#server/federation/fetch-fault.ts'
import { fetchPost, storePost } from '#server/federation/fetch-post.ts'
import { idOf, idsOf, isRecord, type Json } from '#server/federation/normal-form/values.ts'
import type { JobRun } from '#server/jobs/job-run.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { type HistoryStep, historyJob, noteHistory } from '#server/peers/histories.ts'
import { FetchBudget } from '#server/platform/fetch-budget.ts'
import { hostOf } from '#server/platform/host-names.ts'
import { findPostByUri } from '#server/posts/find-post.ts'
import { replacePins } from '#server/posts/pins.ts'

/** Posts read of one account: those it shows first, and the newest it wrote. */
const pinnedMax = 10
const newestMax = 20
const pagesMax = 5
/** Items for which a server may be asked, whether or not there is anything: an outbox may list any number of posts that are not there. */
const askedMax = 60

/** Where the reading of an outbox goes on; at its beginning, and with the pinned posts, when absent. */
interface Place {
  url: string
  /** Items of that page which were looked at before. */
  skip: number
  pagesLeft: number
  postsLeft: number
  /** Items that may still be asked for; a job of before this was counted has all of them. */
  asksLeft?: number
}

interface Reading {
  account: Account
  options: FetchOptions
  step: HistoryStep
}

/**
 * A job: reads what a remote account wrote before anybody here followed it, one step at a time within a step's budget of requests. Only posts of the
 * account's own server and its own hand; nobody is told of them. What its server does not answer now is noted, not tried again and again.
 */
export async function loadHistory(ctx: Context, { accountId, place }: { accountId: number; place?: Place }, job: JobRun): Promise<void> {
  const account = await findAccount(ctx.db, accountId)
  const step: HistoryStep = { postsCount: 0, missingCount: 0, failed: null, isLast: true }
  const reading = account && { account, options: { budget: new FetchBudget(), isOld: true }, step }
  const next = reading && !isHidden(account) ? await readStep(ctx, reading, place) : undefined
  step.isLast = next === undefined
  await ctx.transact(async (tx) => {
    await job.finish(tx)
    await noteHistory(tx, accountId, step)
    if (next && account) await enqueue(tx, historyJob(account, { accountId, place: next }))
  })
}

async function readStep(ctx: Context, reading: Reading, place: Place | undefined): Promise<Place | undefined> {
  if (place === undefined) await attempt(reading, 'featured', () => readFeatured(ctx, reading))
  return attempt(reading, 'outbox', () => readOutbox(ctx, reading, place))
}

async function attempt<T>({ step }: Reading, what: 'featured' | 'outbox', read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof FetchFault)) throw error
    step.failed = step.failed === null ? what : 'all'
    return undefined
  }
}

async function readFeatured(ctx: Context, reading: Reading): Promise<void> {
  const { account, options } = reading
  if (account.featuredUrl === null) return
  const page = await readCollectionPage(ctx, account.featuredUrl, hostOf(account.uri), options)
  const postIds: number[] = []
  for (const item of page.items.slice(0, pinnedMax)) {
    const postId = await readItem(ctx, reading, item)
    if (postId !== undefined) postIds.push(postId)
  }
  await ctx.transact((tx) => replacePins(tx, { accountId: account.id, postIds }))
}

/** Where to go on when the budget is used up; undefined at the end. */
async function readOutbox(ctx: Context, reading: Reading, place: Place | undefined): Promise<Place | undefined> {
  const { account, options } = reading
  if (account.outboxUrl === null) return undefined
  const first: Place = { url: account.outboxUrl, skip: 0, pagesLeft: pagesMax, postsLeft: newestMax }
  let { url, skip, pagesLeft, postsLeft, asksLeft = askedMax } = place ?? first
  for (; pagesLeft > 0; pagesLeft -= 1) {
    const page = await readCollectionPage(ctx, url, hostOf(account.uri), options)
    for (const item of page.items.slice(skip)) {
      if (postsLeft === 0 || asksLeft === 0) return undefined
      // Reading one may take its post, its author and a redirect of each.
      if (options.budget.left < 4) return { url, skip, pagesLeft, postsLeft, asksLeft }
      const budgetBefore = options.budget.left
      if ((await readItem(ctx, reading, item)) !== undefined) postsLeft -= 1
      if (options.budget.left < budgetBefore) asksLeft -= 1
      skip += 1
    }
    if (page.next === undefined || postsLeft === 0) return undefined
    url = page.next
    skip = 0
    if (options.budget.left < 4) return { url, skip, pagesLeft: pagesLeft - 1, postsLeft, asksLeft }
  }
  return undefined
}

/** The post of an item (a Create or the post itself, whole or by id), written when it was not here; undefined for what is none or could not be had. */
async function readItem(ctx: Context, { account, options, step }: Reading, item: unknown): Promise<number | undefined> {
  const found = postOf(item, account)
  if (!found) return undefined
  const known = await findPostByUri(ctx.db, found.id)
  if (known) return known.authorId === account.id && known.deletedAt === null ? known.id : undefined
  try {
    const { json } = found
    const post = json ? await storePost(ctx, { id: found.id, json }, options) : await fetchPost(ctx, found.id, options)
    if (post.authorId !== account.id) return undefined
    step.postsCount += 1
    return post.id
  } catch (error) {
    if (!(error instanceof FetchFault)) throw error
    step.missingCount += 1
    return undefined
  }
}

/** What is embedded is believed as far as it is of the account's own server and hand; boosts and other activities are left out. */
function postOf(item: unknown, account: Account): { id: string; json?: Json } | undefined {
  const inner = isRecord(item) && isRecord(item.object) && item.type === 'Create' ? item.object : item
  const isActivity = isRecord(inner) && inner.actor !== undefined
  if (isActivity && inner.type !== 'Create') return undefined
  const id = isActivity ? idOf(inner.object) : idOf(inner)
  if (id === undefined || hostOf(id) !== hostOf(account.uri)) return undefined
  if (isActivity || !isRecord(inner) || inner.type === undefined) return { id }
  const authors = idsOf(inner.attributedTo)
  if (authors.length > 0 && !authors.includes(account.uri)) return undefined
  return { id, json: { ...inner, attributedTo: account.uri } }
}
