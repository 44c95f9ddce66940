import type { Context } from '#server/context.ts'
import { readCollectionPage } from '#server/federation/collection-page.ts'
import { fetchDocument, type FetchOptions } from '#server/federation/fetch-document.ts'
import { FetchFault } from '#server/federation/fetch-fault.ts'
import { storePost } from '#server/federation/fetch-post.ts'
import { idOf, isRecord } from '#server/federation/normal-form/values.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { fetchJob } from '#server/jobs/fetch-job.ts'
import type { JobRun } from '#server/jobs/job-run.ts'
import { FetchBudget } from '#server/platform/fetch-budget.ts'
import { hostOf } from '#server/platform/host-names.ts'
import { type OnBehalf, onBehalfOf } from '#server/peers/on-behalf.ts'
import { findPullById, notePullStep, type PullStep, threadOfPull, type ThreadPull } from '#server/peers/thread-pulls.ts'
import { isSource, leadsOf, nextSources, type ThreadSource } from '#server/peers/thread-sources.ts'
import { findPostById, findPostByUri } from '#server/posts/find-post.ts'

/** Sources taken up in one step, and pages read of one collection. */
const sourcesPerStep = 20
const pagesMax = 5
/** Reading a post may take its document, its author, and a redirect of each. */
const fetchesPerPost = 4

/**
 * A job: one step of a pull. Parents upwards, the collections of answers downwards, and the conversation as its owner and the servers of those who take part
 * list it; whatever is listed is a hint, read at its own origin, and kept only when it is of the conversation. What was found stands at once; a crash
 * repeats at most one step, which finds everything there already.
 */
export async function pullThread(ctx: Context, { pullId }: { pullId: number }, job: JobRun): Promise<void> {
  const pull = await findPullById(ctx.db, pullId)
  if (!pull || pull.endedAt !== null) return
  const budget = new FetchBudget(Math.min(20, pull.fetchesLeft))
  const step: PullStep = { done: [], found: [], postsCount: 0, missingHosts: [], fetches: 0 }
  for (const source of await nextSources(ctx.db, pull.id, sourcesPerStep)) {
    if (budget.left < fetchesPerPost && step.done.length > 0) break
    await follow(ctx, pull, source, { budget, isOld: true, onBehalf: await onBehalfAt(ctx, source) }, step)
    step.done.push(source.url)
  }
  step.fetches = Math.max(budget.fetchesMax - budget.left, 1)
  await ctx.transact(async (tx) => {
    await job.finish(tx)
    if (await notePullStep(tx, pull, step)) await enqueue(tx, fetchJob('pull-thread', pullId, { pullId }))
  })
}

/** What stands around a post that is not for everybody is asked for one of those it is for; never for whoever opened it. */
async function onBehalfAt(ctx: Context, { url, postId }: ThreadSource): Promise<OnBehalf | undefined> {
  const post = postId === null ? undefined : await findPostById(ctx.db, postId)
  return post && onBehalfOf(ctx.db, post, url)
}

async function follow(ctx: Context, pull: ThreadPull, source: ThreadSource, options: FetchOptions, step: PullStep): Promise<void> {
  try {
    if (source.kind === 'post') await followPost(ctx, pull, source, options, step)
    else await followCollection(ctx, source, options, step)
  } catch (error) {
    if (!(error instanceof FetchFault)) throw error
    ctx.log.debug({ pull: pull.id, url: source.url, why: error.message }, 'part of a thread could not be read')
    // What was deleted is not missed.
    const host = hostOf(source.url)
    if (!error.isGone && host !== undefined) step.missingHosts.push(host)
  }
}

async function followPost(
  ctx: Context,
  pull: ThreadPull,
  { url, depth }: ThreadSource,
  options: FetchOptions,
  step: PullStep
): Promise<void> {
  const known = await findPostByUri(ctx.db, url)
  if (known) {
    step.found.push(...leadsOf(known, depth))
    return
  }
  if (hostOf(url) === ctx.config.host || (await ctx.limits.isSuspended(hostOf(url) ?? ''))) return
  const document = await fetchDocument(ctx, url, options)
  // Lists may name anything. What was answered is asked for at depth 0.
  if (depth > 0 && !(await isOfThread(ctx, pull, idOf(document.json.inReplyTo)))) return
  const post = await storePost(ctx, document, options)
  step.postsCount += 1
  step.found.push(...leadsOf(post, depth))
}

/** Whether something answers a post of the thread, or one that is listed beside it and may be on its way. */
async function isOfThread(ctx: Context, pull: ThreadPull, parentUri: string | undefined): Promise<boolean> {
  if (parentUri === undefined) return false
  const parent = await findPostByUri(ctx.db, parentUri)
  if (!parent) return isSource(ctx.db, pull.id, parentUri)
  return parent.threadId === (await threadOfPull(ctx.db, pull))
}

async function followCollection(ctx: Context, source: ThreadSource, options: FetchOptions, step: PullStep): Promise<void> {
  const host = hostOf(source.url)
  if (host === undefined || host === ctx.config.host || (await ctx.limits.isSuspended(host))) return
  let url: string | undefined = source.url
  for (let pages = 0; pages < pagesMax && url !== undefined && options.budget.left > 0; pages += 1) {
    const page: Awaited<ReturnType<typeof readCollectionPage>> = await readCollectionPage(ctx, url, host, options)
    for (const item of page.items) {
      const id = isRecord(item) && isRecord(item.object) ? idOf(item.object) : idOf(item)
      if (id !== undefined && hostOf(id) !== ctx.config.host)
        step.found.push({ url: id, kind: 'post', depth: source.depth + 1, postId: source.postId })
    }
    url = page.next
  }
}
