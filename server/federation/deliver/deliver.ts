import type { Context } from '#server/context.ts'
import { isFinalAbsence, judgeAnswer, judgeError, maySayGone, maySignOtherwise } from '#server/federation/deliver/judge.ts'
import { lookBehind } from '#server/federation/deliver/look-behind.ts'
import { announceFollowers } from '#server/federation/follower-sync/announce-followers.ts'
import { findSigningKey, type SignatureKind, type SigningKey, signPost } from '#server/federation/sign.ts'
import type { LeasedDelivery } from '#server/peers/lease-deliveries.ts'
import { keptMs } from '#server/peers/peer-state.ts'
import type { DeliveryOutcome } from '#server/peers/settle-deliveries.ts'
import type { HttpHeaders, HttpResponse } from '#server/platform/http-client.ts'

/** A delivery that old and tried that often has never come back with an answer: its process must have died each time. */
const attemptsMax = 100

/**
 * Sends one activity to one inbox, signed now with its actor's key. A refusal that may be about the signature is answered by a
 * second knock in the other manner, once. `signal` ends it before its deadline.
 */
export async function deliver(ctx: Context, delivery: LeasedDelivery, signal?: AbortSignal): Promise<DeliveryOutcome> {
  if (delivery.attempts > attemptsMax && ctx.clock.now() - delivery.createdAt > keptMs)
    return { kind: 'refused', error: 'Every attempt ended without an answer.', isAlive: false }
  try {
    const key = await findSigningKey(ctx, delivery.actorId)
    if (!key) return { kind: 'dropped' }
    const first = await knock(ctx, key, delivery, delivery.signatureKind, signal)
    if (maySayGone(first.status)) return await settleAbsence(ctx, key, delivery, first, signal)
    if (!maySignOtherwise(first.status))
      return judgeAnswer(first, ctx.clock.now()) ?? { kind: 'delivered', signatureKind: delivery.signatureKind }
    const other: SignatureKind = delivery.signatureKind === 'cavage' ? 'rfc9421' : 'cavage'
    const second = await knock(ctx, key, delivery, other, signal)
    if (judgeAnswer(second, ctx.clock.now()) === undefined) return { kind: 'delivered', signatureKind: other }
    // What it said to the manner it is known to take counts.
    return judgeAnswer(first, ctx.clock.now()) ?? { kind: 'delivered', signatureKind: delivery.signatureKind }
  } catch (error) {
    return judgeError(error)
  }
}

/**
 * Nobody has this inbox, or so it says. Its actor is looked up first: when that is gone too (or nobody is known behind a 410), everything for the
 * inbox is forgotten; when it has another inbox by now, the delivery goes there; and else the refusal may pass.
 */
async function settleAbsence(
  ctx: Context,
  key: SigningKey,
  delivery: LeasedDelivery,
  refusal: HttpResponse,
  signal?: AbortSignal
): Promise<DeliveryOutcome> {
  const behind = await lookBehind(ctx, delivery)
  const isFinal =
    behind.kind === 'nobody' ? refusal.status === 410 : behind.kind === 'gone' && isFinalAbsence(refusal.status, delivery.attempts)
  if (isFinal) return { kind: 'gone' }
  const { signatureKind } = delivery
  const answer =
    behind.kind === 'moved' ? await knock(ctx, key, { ...delivery, inboxUrl: behind.inboxUrl }, signatureKind, signal) : refusal
  return judgeAnswer(answer, ctx.clock.now()) ?? { kind: 'delivered', signatureKind }
}

async function knock(
  ctx: Context,
  key: SigningKey,
  delivery: LeasedDelivery,
  kind: SignatureKind,
  signal?: AbortSignal
): Promise<HttpResponse> {
  const body = Buffer.from(delivery.body)
  const followers = await announceFollowers(ctx, key.keyId.split('#')[0] ?? '', delivery)
  const more: HttpHeaders = followers === undefined ? {} : { 'collection-synchronization': followers }
  const headers = await signPost(key, new URL(delivery.inboxUrl), body, ctx.clock.now(), kind, more)
  ctx.traffic.delivered(delivery.host, body.length)
  return ctx.http.post(delivery.inboxUrl, { headers, body, ...(signal ? { signal } : {}) })
}
