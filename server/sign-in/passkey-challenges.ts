import { createHmac, timingSafeEqual } from 'node:crypto'
import { lte } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { usedChallenges } from '#db/schema/factors.ts'
import type { Context } from '#server/context.ts'
import { hashToken } from '#server/sign-in/find-session.ts'

const nonceBytes = 16
const timeBytes = 6
const macBytes = 32
/** From asking the browser to its answer: a person looks for the phone and unlocks it. */
export const challengeMs = 5 * 60_000

/** What a challenge is for, and which browser it was given to: neither can be another's at the answer. */
export interface ChallengeUse {
  purpose: 'add' | 'sign-in' | 'second-step' | 'proof'
  /** Whatever ties it to one browser: the hash of its session, step or visitor cookie. */
  holder: string
}

/** A challenge that carries when it ends and who it is for under our own key, so that asking for one writes nothing. */
export function makeChallenge(ctx: Context, use: ChallengeUse): Uint8Array<ArrayBuffer> {
  const time = Buffer.alloc(timeBytes)
  time.writeUIntBE(ctx.clock.now() + challengeMs, 0, timeBytes)
  const head = Buffer.concat([ctx.random.bytes(nonceBytes), time])
  return new Uint8Array(Buffer.concat([head, macOf(ctx, head, use)]))
}

/** Whether a challenge (base64url) is ours, of this use and not over. */
export function isChallenge(ctx: Context, challenge: string, use: ChallengeUse): boolean {
  const bytes = Buffer.from(challenge, 'base64url')
  if (bytes.length !== nonceBytes + timeBytes + macBytes) return false
  const head = bytes.subarray(0, nonceBytes + timeBytes)
  const isOurs = timingSafeEqual(bytes.subarray(head.length), macOf(ctx, head, use))
  return isOurs && head.readUIntBE(nonceBytes, timeBytes) > ctx.clock.now()
}

/** Uses a challenge up, in the caller's transaction: true once. */
export async function takeChallenge(tx: Tx, challenge: string): Promise<boolean> {
  const taken = await tx
    .insert(usedChallenges)
    .values({ challengeHash: hashToken(challenge), expiresAt: tx.now + challengeMs })
    .onConflictDoNothing()
    .returning({ challengeHash: usedChallenges.challengeHash })
  return taken.length > 0
}

/** Those that would be too old by now anyway. */
export async function sweepChallenges(tx: Tx): Promise<void> {
  await tx.delete(usedChallenges).where(lte(usedChallenges.expiresAt, tx.now))
}

function macOf(ctx: Context, head: Buffer, { purpose, holder }: ChallengeUse): Buffer {
  return createHmac('sha256', ctx.seal.deriveKey('passkey challenges')).update(head).update(`${purpose} ${holder}`).digest()
}
