import { findAccount } from '#server/accounts/find-account.ts'
import { clearAccount } from '#server/accounts/clear-account.ts'
import type { Context } from '#server/context.ts'
import { confirmActorGone, confirmDelete, confirmUndo, isProofOfEnd } from '#server/federation/confirm-gone.ts'
import { checkQuote, checkReply, recheckQuote } from '#server/federation/check-authorizations.ts'
import { completeMove } from '#server/federation/complete-move.ts'
import { fetchActor } from '#server/federation/fetch-actor.ts'
import { FetchFault } from '#server/federation/fetch-fault.ts'
import { fetchAncestors, fetchPost, refetchPost } from '#server/federation/fetch-post.ts'
import { loadHistory } from '#server/federation/load-history.ts'
import { pullThread } from '#server/federation/pull-thread.ts'
import type { Announced } from '#server/federation/inbox/read-later.ts'
import type { JobRun } from '#server/jobs/job-run.ts'
import type { JobHandler } from '#server/jobs/worker.ts'
import { judge } from '#server/moderation/rules/judge.ts'
import type { OnBehalf } from '#server/peers/on-behalf.ts'
import { partsOf, waitForTurn, wasUndoneMeanwhile } from '#server/peers/taken-back.ts'
import { FetchBudget } from '#server/platform/fetch-budget.ts'
import { hostOf } from '#server/platform/host-names.ts'
import { findPostByUri } from '#server/posts/find-post.ts'
import { receivePin } from '#server/posts/pins.ts'
import { receiveBoost, type ReceivedBoost } from '#server/posts/receive-boost.ts'
import { addSilentRecipient } from '#server/posts/receive-post.ts'
import { receivePostDelete } from '#server/posts/receive-post-delete.ts'

const attemptsMax = 6
/** What a relay told of is one of many: nobody waits for it, and the next in its line does. */
const relayedAttemptsMax = 1

type Boosted = Omit<ReceivedBoost, 'postId'> & { objectUri: string; isOfThread?: boolean; readerId?: number }
type Named = { uri: string }

/** Jobs that inbound activities leave behind: everything that must ask other servers, each with a budget of its own. */
export const fetchJobs: Record<string, JobHandler> = {
  'fetch-post': (ctx, announced: Announced, job) => attempt(ctx, announced.uri, job, (budget) => fetchAnnounced(ctx, announced, budget)),
  'refetch-post': (ctx, { uri }: { uri: string }, job) =>
    attempt(ctx, uri, job, (budget) => refetchPost(ctx, uri, { budget, isForced: true })),
  'fetch-ancestors': (ctx, { uri }: { uri: string }, job) => attempt(ctx, uri, job, (budget) => fetchAncestors(ctx, uri, { budget })),
  'fetch-boosted': (ctx, boosted: Boosted, job) => attempt(ctx, boosted.objectUri, job, (budget) => fetchBoosted(ctx, boosted, budget)),
  'fetch-forwarded': (ctx, { uri }: { uri: string }, job) => attempt(ctx, uri, job, (budget) => fetchForwarded(ctx, uri, budget)),
  'confirm-delete': (ctx, { uri }: Named, job) => attempt(ctx, uri, job, (budget) => confirmDelete(ctx, uri, { budget })),
  'confirm-actor-gone': (ctx, input: { accountId: number; uri: string; isAgain: boolean }, job) =>
    attempt(ctx, input.uri, job, (budget) => confirmActorGone(ctx, input, { budget })),
  'confirm-undo': (ctx, { uri }: Named, job) => attempt(ctx, uri, job, (budget) => confirmUndo(ctx, uri, { budget })),
  'fetch-relayed': (ctx, { uri }: Named, job) => attempt(ctx, uri, job, (budget) => fetchPost(ctx, uri, { budget }), relayedAttemptsMax),
  'refetch-relayed': (ctx, { uri }: Named, job) =>
    attempt(ctx, uri, job, (budget) => refetchPost(ctx, uri, { budget, isForced: true }), relayedAttemptsMax),
  'confirm-relayed': (ctx, { uri }: Named, job) =>
    attempt(ctx, uri, job, (budget) => confirmDelete(ctx, uri, { budget }), relayedAttemptsMax),
  'complete-move': (ctx, input: { accountId: number; targetUri: string }, job) =>
    attempt(ctx, input.targetUri, job, (budget) => completeMove(ctx, input, budget)),
  'fetch-pinned': (ctx, { uri, accountId }: { uri: string; accountId: number }, job) =>
    attempt(ctx, uri, job, (budget) => fetchPinned(ctx, uri, accountId, budget)),
  'check-quote': (ctx, { postId, fetchesMax }: { postId: number; fetchesMax?: number }, job) =>
    attempt(ctx, `quote of ${postId}`, job, () => checkQuote(ctx, postId, new FetchBudget(fetchesMax))),
  'recheck-quote': (ctx, { postId }: { postId: number }, job) =>
    attempt(ctx, `authorization of quote ${postId}`, job, (budget) => recheckQuote(ctx, postId, budget)),
  'check-reply': (ctx, input: { postId: number; authorizationUri: string; fetchesMax?: number }, job) =>
    attempt(ctx, input.authorizationUri, job, () => checkReply(ctx, input, new FetchBudget(input.fetchesMax))),
  'load-history': loadHistory,
  'pull-thread': pullThread,
  'refresh-actor': (ctx, { uri }: { uri: string }, job) =>
    attempt(ctx, uri, job, (budget) => fetchActor(ctx, uri, { budget, isForced: true })),
  'clear-account': clearAccount
}

/**
 * What another server does not have or we do not believe is over; what may work later is left to the queue, six times within two hours. After that
 * it is let go without a dead letter: nothing was promised to anybody, and whoever opens the thread asks again.
 */
async function attempt(
  ctx: Context,
  uri: string,
  job: JobRun,
  step: (budget: FetchBudget) => Promise<unknown>,
  triesMax = attemptsMax
): Promise<void> {
  try {
    await step(new FetchBudget())
  } catch (error) {
    if (!(error instanceof FetchFault) || (error.isTemporary && job.attempt < triesMax)) throw error
    ctx.log.info({ uri, why: error.message }, 'a document of another server was not taken')
  }
}

/** What a Create named is read with a key of whoever it is for, and seen by whom the Create addressed. */
async function fetchAnnounced(
  ctx: Context,
  { uri, authorId, readerId, to = [], cc = [], ownerId }: Announced,
  budget: FetchBudget
): Promise<void> {
  const saidBy = authorId === undefined ? undefined : { authorId, to, cc }
  const post = await fetchPost(ctx, uri, { budget, onBehalf: onBehalfAt(uri, readerId), saidBy })
  if (ownerId === undefined || post.authorId !== authorId) return
  await ctx.transact((tx) => addSilentRecipient(tx, { postId: post.id, accountId: ownerId }))
}

function onBehalfAt(uri: string, accountId: number | undefined): OnBehalf | undefined {
  const host = hostOf(uri)
  return accountId === undefined || host === undefined ? undefined : { accountId, host }
}

async function fetchBoosted(
  ctx: Context,
  { objectUri, isOfThread = false, readerId, ...boost }: Boosted,
  budget: FetchBudget
): Promise<void> {
  const post = await fetchPost(ctx, objectUri, { budget, onBehalf: onBehalfAt(objectUri, readerId) })
  if (isOfThread && post.replyToUri !== null) {
    // An answer that a group passed on: it belongs below what it answers, and is no boost.
    if (post.replyToId === null) await fetchAncestors(ctx, post.replyToUri, { budget })
    return
  }
  const booster = await findAccount(ctx.db, boost.boosterId)
  // Since the boost came, its author may have been blocked here.
  if (!booster || (await judge(ctx, { kind: 'boost', author: booster })) === 'drop') return
  await ctx.transact(async (tx) => {
    await waitForTurn(tx, boost.boosterId)
    const act = { actorId: boost.boosterId, uri: boost.uri, parts: partsOf('Announce', objectUri) }
    if (!(await wasUndoneMeanwhile(tx, act))) await receiveBoost(tx, { ...boost, postId: post.id })
  })
}

async function fetchPinned(ctx: Context, uri: string, accountId: number, budget: FetchBudget): Promise<void> {
  const post = await fetchPost(ctx, uri, { budget, isOld: true })
  await ctx.transact(async (tx) => {
    await waitForTurn(tx, accountId)
    if (!(await wasUndoneMeanwhile(tx, { actorId: accountId, parts: partsOf('Pin', uri) })))
      await receivePin(tx, { accountId, postId: post.id })
  })
}

/** Somebody else told us that this was written, changed or deleted: only its own server says what is true. */
async function fetchForwarded(ctx: Context, uri: string, budget: FetchBudget): Promise<void> {
  const known = await findPostByUri(ctx.db, uri)
  try {
    if (known) await refetchPost(ctx, uri, { budget, isForced: true })
    else await fetchPost(ctx, uri, { budget })
  } catch (error) {
    if (!(error instanceof FetchFault && error.isGone) || !known || !isProofOfEnd(error.isBuried ? 'buried' : 'missing', known)) throw error
    await ctx.transact((tx) => receivePostDelete(tx, { uri, authorId: known.authorId }))
  }
}
