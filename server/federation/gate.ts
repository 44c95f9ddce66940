import type { Context } from '#server/context.ts'
import { createInboxRates } from '#server/federation/gate/inbox-rates.ts'
import { createKnownActors, StaleActor } from '#server/federation/gate/known-actors.ts'
import { takeForwarded } from '#server/federation/forwarded.ts'
import { hold, isToBeHeld } from '#server/federation/hold.ts'
import { compareFollowers } from '#server/federation/follower-sync/compare-followers.ts'
import { type Inbound, InboxFault } from '#server/federation/inbox/inbound.ts'
import { takeWordOfGone } from '#server/federation/gate/word-of-gone.ts'
import { verbs } from '#server/federation/inbox.ts'
import { normalize, parseDocument } from '#server/federation/normal-form.ts'
import { readActivity, readActorId } from '#server/federation/normal-form/read-activity.ts'
import { NormalFormFault } from '#server/federation/normal-form/types.ts'
import { isDigestOf } from '#server/federation/signatures/digest.ts'
import { type RequestHead, type SignatureClaim, SignatureFault, signatureHashOf } from '#server/federation/signatures/claim.ts'
import { createProvers, proofHashOf } from '#server/federation/proofs/provers.ts'
import { createVerify } from '#server/federation/verify.ts'
import { judge } from '#server/moderation/rules/judge.ts'
import { createRefusals } from '#server/peers/refusals.ts'
import { hostOf } from '#server/platform/host-names.ts'
import type { Account } from '#server/accounts/who.ts'

/** How long a sender is asked to wait when we cannot tell who it is for reasons of our own or of the network. */
const unsureMs = 5 * 60_000

export interface InboxRequest {
  claim: SignatureClaim
  head: RequestHead
  body: Buffer
  /** Whose personal inbox it came to; undefined for the shared one. */
  owner: Account | undefined
  /** Where the connection came from. */
  address: string
}

export interface InboxAnswer {
  status: 202 | 400 | 401 | 403 | 429 | 503
  /** For the other side's operator; plain text. */
  why?: string
  retryAfterMs?: number
}

/** Takes one POST to an inbox, whose signature is well formed, from its bytes to its effect. */
export type InboxGate = (request: InboxRequest) => Promise<InboxAnswer>

const taken: InboxAnswer = { status: 202 }
const fullOfStrangers: InboxAnswer = {
  status: 429,
  why: 'Much of your server waits to be looked at already.',
  retryAfterMs: 6 * 60 * 60_000
}

/** What comes all day long: its actor need not be read anew each time. */
const frequentVerbs = new Set(['Create', 'Like', 'EmojiReact', 'Announce', 'Undo', 'Delete'])

/**
 * The way in, from cheap to dear: digest, JSON within bounds, blocked hosts and deletes of strangers (a quiet 202), rates, then who speaks, then
 * what is said; replays end at the receipt that each change writes first. Nothing is fetched before the rates have been asked.
 */
export function createInboxGate(ctx: Context): InboxGate {
  const verify = createVerify(ctx)
  const rates = createInboxRates(ctx)
  const actors = createKnownActors(ctx)
  const provers = createProvers(ctx)
  const noteRefusal = createRefusals(ctx)

  async function receive(request: InboxRequest, mayBeKept: boolean, seen: { actorUri?: string }): Promise<InboxAnswer> {
    const { claim, head, body, owner, address } = request
    if (!isDigestOf(claim.digest, body)) return { status: 401, why: 'The digest does not fit the body.' }
    const document = parseDocument(body)
    const actorUri = readActorId(document)
    const host = hostOf(actorUri) ?? ''
    if (ctx.limits.isOutside(host)) return { status: 403, why: 'This server speaks with certain others only.' }
    if ((await ctx.limits.isSuspended(host)) || (await ctx.limits.isSuspended(hostOf(claim.keyId) ?? ''))) return taken
    seen.actorUri = actorUri
    if (verbs.get(String(document.type)) === 'ignored') return taken
    const known = await actors.find(actorUri, mayBeKept && frequentVerbs.has(String(document.type)))
    if (document.type === 'Delete' && (!known || known.account.deletedAt !== null)) return taken
    const newWaitMs = known ? 0 : await rates.ofNewHost(host)
    if (newWaitMs > 0) return { status: 429, why: 'Too many servers of this domain that we have never met.', retryAfterMs: newWaitMs }
    const verdict = await verify({ claim, head, body, actorUri, known, waitToRead: () => rates.ofStranger(address) })
    // Whoever is there counts, whatever became of the signature; names that somebody made up do not.
    if (!known && (verdict.kind === 'signed' || (await actors.find(actorUri, false)))) await rates.admitHost(host)
    if (verdict.kind === 'too-many')
      return { status: 429, why: 'Too many actors we do not know; later, please.', retryAfterMs: verdict.waitMs }
    if (verdict.kind === 'gone') return takeWordOfGone(ctx, document, verdict.account)
    if (verdict.kind === 'refused') return { status: 401, why: verdict.why }
    if (verdict.kind === 'unsure') return { status: 503, why: verdict.why, retryAfterMs: unsureMs }
    ctx.traffic.received(host, body.length)
    const hostWaitMs = await rates.ofHost(verdict.kind === 'signed' ? host : (hostOf(verdict.signer.uri) ?? ''))
    if (hostWaitMs > 0) return { status: 429, why: 'Too much at once; later, please.', retryAfterMs: hostWaitMs }
    const activity = readActivity(await normalize(document))
    if (activity.actor !== actorUri) throw new NormalFormFault('The activity names two actors.')
    const signatureHash = signatureHashOf(claim)
    let actor: Account | undefined
    if (verdict.kind === 'signed') actor = verdict.account
    else {
      actor = await provers.find(document, activity, verdict.signer)
      if (!actor) return takeForwarded(ctx, { activity, document, signatureHash, signer: verdict.signer })
    }
    if (!known && verdict.kind === 'forwarded') await rates.admitHost(host)
    const answer = await dispatch(ctx, {
      activity,
      actor,
      host: hostOf(actor.uri) ?? '',
      signatureHash,
      body,
      proofHash: proofHashOf(document, activity),
      isForwarded: verdict.kind === 'forwarded',
      // Whoever passes something on does not decide whom it was meant for.
      owner: verdict.kind === 'forwarded' ? undefined : owner,
      kept: known?.isKept ? known : undefined
    })
    if (verdict.kind === 'signed') await compareFollowers(ctx, actor, head.headers['collection-synchronization'])
    return answer
  }

  return async (request) => {
    const seen: { actorUri?: string } = {}
    const answer = await answerTo(request, seen)
    const { status, why } = answer
    const host = seen.actorUri === undefined ? undefined : hostOf(seen.actorUri)
    if (why !== undefined && status !== 202 && host !== undefined && seen.actorUri !== undefined)
      await noteRefusal({ host, actorUri: seen.actorUri, status, why })
    return answer
  }

  async function answerTo(request: InboxRequest, seen: { actorUri?: string }): Promise<InboxAnswer> {
    try {
      return await receive(request, true, seen).catch((error: unknown) => {
        if (error instanceof StaleActor) return receive(request, false, seen)
        throw error
      })
    } catch (error) {
      if (error instanceof NormalFormFault) return { status: 400, why: error.message }
      if (error instanceof InboxFault) return { status: error.status, why: error.message }
      if (error instanceof SignatureFault) return { status: 401, why: error.message }
      throw error
    }
  }
}

/** Gives what a verified activity says to its verb, unless it is to be dropped or put by. Throws InboxFault. */
export async function dispatch(ctx: Context, inbound: Inbound): Promise<InboxAnswer> {
  const { activity, actor, host } = inbound
  const verb = verbs.get(activity.type)
  if (verb === undefined || verb === 'ignored') return taken
  if (activity.id !== undefined && hostOf(activity.id) !== host)
    throw new InboxFault(403, "The id of an activity must be of the actor's own server.")
  const isDropped = (await judge(ctx, { kind: verb.kind, author: actor })) === 'drop'
  // Whoever is hidden here may still take back what it said, and its own server may lift its own suspension.
  const isHeardAnyway = activity.type === 'Delete' || (activity.type === 'Update' && actor.suspendedBy === 'origin')
  if (isDropped && !isHeardAnyway) return taken
  if (await isToBeHeld(ctx, verb.kind, inbound)) return (await hold(ctx, inbound)) ? taken : fullOfStrangers
  await verb.receive(ctx, inbound)
  return taken
}
