import {
  generateAuthenticationOptions,
  type PublicKeyCredentialRequestOptionsJSON,
  verifyAuthenticationResponse
} from '@simplewebauthn/server'
import { and, eq } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { passkeys } from '#db/schema/factors.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { relyingParty } from '#server/sign-in/add-passkey.ts'
import { type Assertion, readAssertion } from '#server/sign-in/passkey-answers.ts'
import { type ChallengeUse, challengeMs, isChallenge, makeChallenge, takeChallenge } from '#server/sign-in/passkey-challenges.ts'
import { type Passkey, passkeysOf, userHandleOf } from '#server/sign-in/passkeys.ts'

/** What the browser is asked in order to sign: with any passkey it has for us, or with those of one account. */
export async function askToSign(ctx: Context, use: ChallengeUse, accountId?: number): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const own = accountId === undefined ? [] : await passkeysOf(ctx.db, accountId)
  return generateAuthenticationOptions({
    rpID: relyingParty(ctx),
    challenge: makeChallenge(ctx, use),
    timeout: challengeMs,
    userVerification: 'required',
    allowCredentials: accountId === undefined ? undefined : own.map(({ credentialId, transports }) => ({ id: credentialId, transports }))
  })
}

/**
 * Looks at a signature (WebAuthn level 3, 7.2): our challenge, given to this browser for this use and answered once; our origin; a passkey known here, whose
 * holder was verified, and whose counter has grown. `answer` is the browser's JSON. `take` writes the counter in the caller's transaction. Refusals `invalid`, `malformed`.
 */
export async function verifyPasskey(
  ctx: Context,
  use: ChallengeUse,
  answer: string
): Promise<{ passkey: Passkey; take(tx: Tx): Promise<void> }> {
  const read = readAssertion(answer)
  if (!isChallenge(ctx, read.challenge, use)) throw new Refusal('invalid', 'passkey.stale')
  const isFresh = await ctx.transact((tx) => takeChallenge(tx, read.challenge))
  if (!isFresh) throw new Refusal('invalid', 'passkey.stale')
  const [passkey] = await ctx.db.select().from(passkeys).where(eq(passkeys.credentialId, read.response.id))
  if (!passkey) throw new Refusal('invalid', 'passkey.unknown')
  const counter = await counterOf(ctx, passkey, read)
  return {
    passkey,
    async take(tx) {
      // Of two signatures with one counter at the same time, one counts.
      const taken = await tx
        .update(passkeys)
        .set({ counter, lastUsedAt: tx.now })
        .where(and(eq(passkeys.id, passkey.id), eq(passkeys.counter, passkey.counter)))
        .returning({ id: passkeys.id })
      if (taken.length === 0) throw new Refusal('invalid', 'passkey.refused')
    }
  }
}

/** The authenticator's new counter. A signature that does not hold is refused, for whatever reason. */
async function counterOf(ctx: Context, passkey: Passkey, { response, challenge }: Assertion): Promise<number> {
  const { userHandle } = response.response
  const isOwners = userHandle === undefined || userHandle === Buffer.from(userHandleOf(ctx, passkey.accountId)).toString('base64url')
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: ctx.config.origin,
      expectedRPID: relyingParty(ctx),
      requireUserVerification: true,
      credential: {
        id: passkey.credentialId,
        publicKey: new Uint8Array(Buffer.from(passkey.publicKey, 'base64url')),
        counter: passkey.counter
      }
    })
    if (verified && isOwners) return authenticationInfo.newCounter
  } catch (error) {
    ctx.log.info({ err: error, passkeyId: passkey.id }, 'the signature of a passkey was not taken')
  }
  throw new Refusal('invalid', 'passkey.refused')
}
