import type { Context } from '#server/context.ts'
import { judgeAnswer, judgeError, maySignOtherwise } from '#server/federation/deliver/judge.ts'
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
