import { findAccount } from '#server/accounts/find-account.ts'
import type { Context } from '#server/context.ts'
import type { LaterRun } from '#server/facts.ts'
import { createRateLimiter, type Rate, type RateLimiter } from '#server/federation/gate/host-rates.ts'
import { loadNote } from '#server/federation/outbound/load-note.ts'
import { mayGoOut, sendCreate } from '#server/federation/outbound/posts.ts'
import { findPostInboxes } from '#server/federation/outbound/recipients.ts'
import { send } from '#server/federation/outbound/send.ts'
import { activityOf } from '#server/federation/vocabulary/addresses.ts'
import { toAnnounce, toCreate, toLike, toUpdate } from '#server/federation/vocabulary/to-activity.ts'
import { type OutgoingAct, toAuthorizationDelete, toDecision, toRequest } from '#server/federation/vocabulary/to-interaction.ts'
import { authorizationOf, requestOf } from '#server/interactions/authorizations.ts'
import { findInteraction, type InteractionDetails } from '#server/interactions/find-interaction.ts'
import { policyFor, readPolicy } from '#server/interactions/policy.ts'
import type { JobRun } from '#server/jobs/job-run.ts'
import { hostOf } from '#server/platform/host-names.ts'
import { findOutgoing } from '#server/peers/outgoing-posts.ts'
import { findFollowerInboxes, findRecipients } from '#server/peers/recipients.ts'
import { findPostById } from '#server/posts/find-post.ts'
import { isForAnybody } from '#server/posts/visibility.ts'

/** Decisions about what comes from one server that all followers' servers are told of. */
const toldPerHost: Rate = { burst: 30, perSecond: 0.1 }
const limiters = new WeakMap<Context, RateLimiter>()

/**
 * One of ours asks an author elsewhere: a request, to that author alone and before everything else. A server that knows only the words of
 * GoToSocial before 0.20 is sent the act itself, which is how one asked there.
 */
export const sendRequest: LaterRun<'interaction-requested'> = async (ctx, { interactionId }, job) => {
  const asked = await findAct(ctx, interactionId)
  if (asked?.details.row.state !== 'pending' || asked.details.from.domain !== null || asked.details.target.isLocal) return
  const { act, details } = asked
  const { row, target, from } = details
  const instrument = await loadInstrument(ctx, details, act)
  if (!instrument) return
  const isOld = readPolicy(policyFor(row.kind, target)).isOld === true
  const activity = !isOld
    ? toRequest({ ...act, requestUri: requestOf(act.objectUri, row.id) }, instrument)
    : row.kind === 'reply'
      ? toCreate(instrument)
      : { ...instrument, id: act.objectUri, type: String(instrument.type), actor: act.actorUri }
  const recipients = await findRecipients(ctx.db, from.id, [target.authorId])
  await send(ctx, job, { activity, actorId: from.id, orderKey: act.objectUri, direct: recipients.map((one) => one.inbox) })
}

/** It may be done: whoever asked one of ours is told so; of ours the reply goes out, or the quote with its proof. */
export const sendAcceptance: LaterRun<'interaction-accepted'> = async (ctx, { interactionId }, job) => {
  const found = await findAct(ctx, interactionId)
  if (found?.details.row.state !== 'accepted') return
  const { row, from, target } = found.details
  if (from.domain !== null) return target.isLocal ? decide(ctx, job, found, 'Accept') : undefined
  if (row.postId === null) return
  if (row.kind === 'reply') return sendCreate(ctx, { postId: row.postId }, job)
  // What was agreed to as it was written goes out with its proof at once.
  if (row.kind === 'quote' && row.createdAt !== row.decidedAt) return sendQuoteChange(ctx, { postId: row.postId }, job)
}

/** It may not be done: whoever asked one of ours is told so. */
export const sendRejection: LaterRun<'interaction-rejected'> = async (ctx, { interactionId }, job) => {
  const found = await findAct(ctx, interactionId)
  if (found?.details.row.state === 'rejected' && found.details.target.isLocal && found.details.from.domain !== null)
    await decide(ctx, job, found, 'Reject')
}

/** One of ours takes back what was agreed to: Delete of the authorization, to whoever acted, to their followers here, and to our own. */
export const sendRevocation: LaterRun<'interaction-revoked'> = async (ctx, { interactionId }, job) => {
  const found = await findAct(ctx, interactionId)
  if (found?.details.row.state !== 'revoked') return
  const { act, details } = found
  const { row, from, target } = details
  if (!target.isLocal) return
  if (from.domain === null)
    return row.kind === 'quote' && row.postId !== null ? sendQuoteChange(ctx, { postId: row.postId }, job) : undefined
  const activity = toAuthorizationDelete(act, authorizationOf(target.uri, row.id))
  const recipients = await findRecipients(ctx.db, target.authorId, [from.id], { isBlockIgnored: true })
  await send(ctx, job, {
    activity,
    actorId: target.authorId,
    orderKey: act.objectUri,
    direct: recipients.map((one) => one.inbox),
    fanOut: await findFollowerInboxes(ctx.db, target.authorId)
  })
}

/** A quote of ours got its proof, or lost it: Update of the post, which is no edit (FEP-044f, acceptance and revocation). */
export const sendQuoteChange: LaterRun<'quote-changed'> = async (ctx, { postId }, job) => {
  const row = await findOutgoing(ctx.db, postId)
  if (!row || !mayGoOut(row)) return
  const { note, details } = await loadNote(ctx, row)
  const activity = { ...toUpdate(note, row.post.version), id: `${row.post.uri}#quote-${job.id}` }
  await send(ctx, job, {
    activity,
    actorId: row.post.authorId,
    objectUri: row.post.uri,
    orderKey: row.post.uri,
    ...(await findPostInboxes(ctx, row, details, { isChange: true }))
  })
}

interface FoundAct {
  details: InteractionDetails
  act: OutgoingAct
}

async function findAct(ctx: Context, interactionId: number): Promise<FoundAct | undefined> {
  const details = await findInteraction(ctx.db, interactionId)
  const author = details && (await findAccount(ctx.db, details.target.authorId))
  if (!details || !author) return undefined
  const { row, target, from } = details
  const { kind, objectUri, requestUri } = row
  return { details, act: { kind, objectUri, requestUri, actorUri: from.uri, targetUri: target.uri, targetAuthorUri: author.uri } }
}

async function decide(ctx: Context, job: JobRun, { act, details }: FoundAct, type: 'Accept' | 'Reject'): Promise<void> {
  const { row, target, from } = details
  const id = activityOf(act.targetAuthorUri, type === 'Accept' ? 'accept' : 'reject', job.id)
  const authorizationUri = type === 'Accept' ? authorizationOf(target.uri, row.id) : undefined
  const recipients = await findRecipients(ctx.db, target.authorId, [from.id])
  const isForAll = type === 'Accept' && row.requestUri === null && isForAnybody(target) && (await isForEverybody(ctx, row.postId))
  await send(ctx, job, {
    activity: toDecision(type, id, act, { authorizationUri, isForAll }),
    actorId: target.authorId,
    orderKey: act.objectUri,
    direct: recipients.map((one) => one.inbox),
    fanOut: isForAll && mayTellAll(ctx, hostOf(act.actorUri) ?? '') ? await findFollowerInboxes(ctx.db, target.authorId) : []
  })
}

/** What was written for few is not told to others by our word about it, nor who liked or boosted: that stays between them and the author. */
async function isForEverybody(ctx: Context, postId: number | null): Promise<boolean> {
  const post = postId === null ? undefined : await findPostById(ctx.db, postId)
  return post !== undefined && isForAnybody(post)
}

/** Whoever was let in without asking may answer as often as they like; each time all followers' servers would hear of it. The authorization stands all the same. */
function mayTellAll(ctx: Context, host: string): boolean {
  let limiter = limiters.get(ctx)
  if (!limiter) limiters.set(ctx, (limiter = createRateLimiter()))
  return limiter.take(host, toldPerHost, ctx.clock.now()) === 0
}

/** The act itself; undefined when it is gone meanwhile, or stays here. */
async function loadInstrument(
  ctx: Context,
  { row, target }: InteractionDetails,
  act: OutgoingAct
): Promise<Record<string, unknown> | undefined> {
  if (row.kind === 'like')
    return toLike({ uri: act.objectUri, actorUri: act.actorUri, objectUri: act.targetUri, objectAuthorUri: act.targetAuthorUri })
  if (row.kind === 'announce')
    return toAnnounce({
      uri: act.objectUri,
      actorUri: act.actorUri,
      objectUri: act.targetUri,
      objectAuthorUri: act.targetAuthorUri,
      createdAt: row.createdAt,
      visibility: target.visibility
    })
  const post = row.postId === null ? undefined : await findPostById(ctx.db, row.postId)
  const outgoing = post && (await findOutgoing(ctx.db, post.id))
  return outgoing && mayGoOut(outgoing) ? (await loadNote(ctx, outgoing)).note : undefined
}
