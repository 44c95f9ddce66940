import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import type { InboxAnswer } from '#server/federation/gate.ts'
import { mayCauseFetch } from '#server/federation/inbox/may-fetch.ts'
import { queueRelayed } from '#server/federation/inbox/relayed.ts'
import type { NormalActivity } from '#server/federation/normal-form/types.ts'
import type { Json } from '#server/federation/normal-form/values.ts'
import { isFollowedHere } from '#server/follows/find-follow.ts'
import { enqueue, type NewJob } from '#server/jobs/enqueue.ts'
import { fetchJob } from '#server/jobs/fetch-job.ts'
import { noteReceipt } from '#server/peers/receipts.ts'
import { findAcceptedRelay } from '#server/peers/relays.ts'
import { hostOf } from '#server/platform/host-names.ts'
import { findPostByUri } from '#server/posts/find-post.ts'

interface Forwarded {
  activity: NormalActivity
  /** The same as compact AS2. */
  document: Json
  signatureHash: string
  /** Whoever signed it, and is not its actor. */
  signer: Account
}

/**
 * An activity that somebody other than its actor signed, and that carries no proof of its actor's that holds. Nothing in it is believed: it says where
 * to look, and the object's own server says what is true. It comes from a relay that let us in; or it was meant to be passed on, by the Linked Data
 * signature it bears; or from somebody followed here, whose server passes on what people answer (ActivityPub, section 7.1.2). Else it is a forgery.
 */
export async function takeForwarded(ctx: Context, forwarded: Forwarded): Promise<InboxAnswer> {
  const { activity, document, signatureHash, signer } = forwarded
  const relay = await findAcceptedRelay(ctx.db, signer.uri)
  if (!relay && !activity.isForwardable && !(await isFollowedHere(ctx.db, signer.id)))
    return { status: 401, why: 'The signature is not of the actor.' }
  const job = relay ? undefined : await jobFor(ctx, activity)
  const mayFetch = job !== undefined && (await mayCauseFetch(ctx, signer))
  await ctx.transact(async (tx) => {
    if (!(await noteReceipt(tx, signatureHash))) return
    if (relay) await queueRelayed(tx, relay, document)
    else if (mayFetch) await enqueue(tx, job)
  })
  return { status: 202 }
}

/** What to ask whom; undefined when there is nothing that asking could tell. */
async function jobFor(ctx: Context, { type, actor, objects }: NormalActivity): Promise<NewJob | undefined> {
  const uri = objects.length === 1 ? objects[0]?.id : undefined
  if (uri === undefined || hostOf(uri) !== hostOf(actor)) return undefined
  if (type === 'Create' || type === 'Update') return fetchJob('fetch-forwarded', uri)
  if (type !== 'Delete' && type !== 'Undo') return undefined
  const known = await findPostByUri(ctx.db, uri)
  if (!known || known.isLocal || known.deletedAt !== null) return undefined
  const isBoost = known.boostOfId !== null
  if (type === 'Delete') return isBoost ? undefined : fetchJob('confirm-delete', uri)
  return isBoost ? fetchJob('confirm-undo', uri) : undefined
}
