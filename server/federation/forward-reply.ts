import { createHash } from 'node:crypto'
import type { Tx } from '#db/reader.ts'
import { findAccount } from '#server/accounts/find-account.ts'
import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { createRateLimiter, type Rate } from '#server/federation/gate/host-rates.ts'
import type { Inbound } from '#server/federation/inbox/inbound.ts'
import { idOf } from '#server/federation/normal-form/values.ts'
import { send } from '#server/federation/outbound/send.ts'
import { isBlocking } from '#server/follows/find-follow.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import type { JobRun } from '#server/jobs/job-run.ts'
import { noteReceipt } from '#server/peers/receipts.ts'
import { findFollowerInboxes } from '#server/peers/recipients.ts'
import { findActivity, markWritten, writeActivity } from '#server/peers/write-activity.ts'
import { hostOf } from '#server/platform/host-names.ts'
import { onePer } from '#server/platform/one-per.ts'
import { findPostById, findPostByUri } from '#server/posts/find-post.ts'
import { isForAnybody } from '#server/posts/visibility.ts'

/** Largest activity passed on: every server that follows gets a copy. */
const forwardedBytesMax = 64 * 1_024
/** Answers of one server that are passed on: each goes to as many servers as follow. */
const perHost: Rate = { burst: 30, perSecond: 0.1 }

const kinds = new Set(['Create', 'Update', 'Delete'])
const limiterOf = onePer((_ctx: Context) => createRateLimiter())

interface Forward {
  /** Under which the activity is stored. */
  uri: string
  /** Author of ours whose followers get it; it is signed by their key. */
  actorId: number
  objectUri: string
  /** Whoever sent it has it. */
  senderHost: string
}

/**
 * Inbox forwarding (ActivityPub, section 7.1.2), in the transaction of the receipt: a public answer to a public post of ours, its changes and its end go
 * on to the servers of that post's author's followers, byte for byte as they came, so that all see the same conversation. Once an activity, only what
 * its author sent here themselves, within a size and a rate.
 */
export async function forwardReply(ctx: Context, tx: Tx, inbound: Inbound): Promise<void> {
  const { activity, actor, body, host } = inbound
  const [object] = activity.objects
  if (!kinds.has(activity.type) || body === undefined || inbound.isForwarded || activity.id === undefined || object?.id === undefined)
    return
  if (body.length > forwardedBytesMax || (activity.type !== 'Delete' && !saysToAnswerUs(ctx, object.embedded))) return
  const author = await findAnswered(tx, object.id, actor)
  if (!author || !mayTake(ctx, host)) return
  const text = body.toString('utf8')
  if (!Buffer.from(text).equals(body) || !(await noteReceipt(tx, onceOf(activity.id)))) return
  const forward: Forward = { uri: `forward:${activity.id}`, actorId: author.id, objectUri: object.id, senderHost: host }
  const { id } = await writeActivity(tx, { uri: forward.uri, actorId: author.id, body: text, objectUri: object.id })
  // Its deliveries are written by the job; until then it is not finished.
  await markWritten(tx, id, '')
  await enqueue(tx, { kind: 'forward-reply', input: { ...forward }, lane: 'slow', orderKey: `forward ${object.id}` })
}

/** Writes the deliveries of an activity that is passed on. */
async function writeForward(ctx: Context, { uri, actorId, objectUri, senderHost }: Forward, job: JobRun): Promise<void> {
  if (!(await findActivity(ctx.db, uri))) return
  const inboxes = await findFollowerInboxes(ctx.db, actorId)
  await send(ctx, job, {
    activity: { id: uri, type: 'Forward', actor: '' },
    actorId,
    objectUri,
    orderKey: objectUri,
    direct: [],
    fanOut: inboxes.filter((inbox) => hostOf(inbox.url) !== senderHost && inbox.host !== senderHost)
  })
}

export const forwardJobs = { 'forward-reply': writeForward }

function saysToAnswerUs(ctx: Context, embedded: Record<string, unknown> | undefined): boolean {
  const parentUri = embedded === undefined ? undefined : idOf(embedded.inReplyTo)
  return parentUri !== undefined && hostOf(parentUri) === ctx.config.host
}

/** The author of ours whom a post answers, when everybody may read both and the two are on speaking terms; undefined otherwise. */
async function findAnswered(tx: Tx, uri: string, actor: Account): Promise<Account | undefined> {
  const post = await findPostByUri(tx, uri)
  if (!post || post.isLocal || post.authorId !== actor.id || !isForAnybody(post) || post.replyToId === null) return undefined
  const parent = await findPostById(tx, post.replyToId)
  if (!parent?.isLocal || parent.deletedAt !== null || !isForAnybody(parent)) return undefined
  const author = await findAccount(tx, parent.authorId)
  if (!author || author.suspendedAt !== null || author.deletedAt !== null) return undefined
  const isQuieted = actor.silencedAt !== null || actor.domainSeverity !== null
  const isApart = isQuieted || (await isBlocking(tx, author.id, actor.id)) || (await isBlocking(tx, actor.id, author.id))
  return isApart ? undefined : author
}

function mayTake(ctx: Context, host: string): boolean {
  return limiterOf(ctx).take(host, perHost, ctx.clock.now()) === 0
}

/** Kept beside the receipts of signatures: nobody can make us send an activity twice by signing it anew. */
function onceOf(activityUri: string): string {
  return `relayed ${createHash('sha256').update(`forward ${activityUri}`).digest('hex')}`
}
