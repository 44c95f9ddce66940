import type { Tx } from '#db/reader.ts'
import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { type KnownActor, StaleActor } from '#server/federation/gate/known-actors.ts'
import { forwardReply } from '#server/federation/forward-reply.ts'
import type { NormalActivity, NormalRef } from '#server/federation/normal-form/types.ts'
import { enqueue, type NewJob } from '#server/jobs/enqueue.ts'
import { fetchJob } from '#server/jobs/fetch-job.ts'
import { hearFromHost } from '#server/peers/peer-health.ts'
import { noteReceipt } from '#server/peers/receipts.ts'
import { findStanding, isAsRead } from '#server/peers/standing.ts'
import { hostOf } from '#server/platform/host-names.ts'

/** A verified activity on its way in: its actor signed it, and its words are of the normal form. */
export interface Inbound {
  activity: NormalActivity
  actor: Account
  /** Normalised host of the actor's id. */
  host: string
  signatureHash: string
  /** The bytes as they came; undefined for what was put by. */
  body?: Buffer
  /** Hash of the proof it carries, so that a copy that comes another way does nothing; undefined when it carries none. */
  proofHash?: string | undefined
  /** Somebody else passed it on: its actor's own proof was checked (FEP-8b32), and its server was not heard of. */
  isForwarded?: boolean
  /** Whose personal inbox it came to; undefined for the shared one. */
  owner: Account | undefined
  /** What was remembered of the actor, and must still hold when it is acted on; undefined when the actor was read just now. */
  kept?: KnownActor | undefined
}

/** One verb: translates, checks origin and owner, and hands the change to `accept`. Throws InboxFault for what its sender may not say. */
export type Verb = (ctx: Context, inbound: Inbound) => Promise<void>

/** Something the actor has no right to say, or that cannot be understood; the sentence is for the other side's operator. */
export class InboxFault extends Error {
  override readonly name = 'InboxFault'
  readonly status: 400 | 403

  constructor(status: 400 | 403, message: string) {
    super(message)
    this.status = status
  }
}

/** Whoever is heard from and was read longer ago than this is read again: not every change of a profile is told to us. */
const profileStaleMs = 7 * 24 * 60 * 60_000

/**
 * Writes a change together with the receipt of its signature: one transaction, once. Throws StaleActor when what was remembered of the actor has changed.
 * `isLast` for what may be an actor's last word: its server is not asked for the profile then.
 */
export async function accept(ctx: Context, inbound: Inbound, change: (tx: Tx) => Promise<unknown>, { isLast = false } = {}): Promise<void> {
  const { actor, host, kept } = inbound
  await ctx.transact(async (tx) => {
    const standing = await findStanding(tx, actor.id, host)
    if (kept && !isAsRead(standing, kept.account, kept.keys)) throw new StaleActor()
    if (!(await noteReceipt(tx, inbound.signatureHash))) return
    if (inbound.proofHash !== undefined && !(await noteReceipt(tx, inbound.proofHash))) return
    if (!inbound.isForwarded) await hearFromHost(tx, host, { of: standing.words })
    if (!isLast && tx.now - (inbound.actor.fetchedAt ?? 0) > profileStaleMs) await enqueue(tx, refreshOf(inbound.actor))
    await change(tx)
    await forwardReply(ctx, tx, inbound)
  })
}

/** The job that reads an actor from its origin again. */
export function refreshOf(actor: Account): NewJob {
  return fetchJob('refresh-actor', actor.uri)
}

/** The one object of an activity. Throws InboxFault when there are several, or none. */
export function soleObject({ activity }: Inbound): NormalRef {
  const [object, ...others] = activity.objects
  if (!object || others.length > 0) throw new InboxFault(400, `${activity.type} needs exactly one object.`)
  return object
}

/** The id of the one object. Throws InboxFault when it has none. */
export function soleObjectId(inbound: Inbound): string {
  const { id } = soleObject(inbound)
  if (id === undefined) throw new InboxFault(400, `The object of ${inbound.activity.type} needs an http(s) URL as its id.`)
  return id
}

/** Whether an id lies on the actor's own origin. */
export function isOnHostOf({ host }: Inbound, id: string): boolean {
  return hostOf(id) === host
}

/** Throws InboxFault unless an id lies on the actor's own origin. */
export function requireOwnHost(inbound: Inbound, id: string, what: string): void {
  if (!isOnHostOf(inbound, id)) throw new InboxFault(403, `${what} must be of the actor's own server.`)
}
