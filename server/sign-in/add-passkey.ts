import {
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  verifyRegistrationResponse
} from '@simplewebauthn/server'
import { passkeys } from '#db/schema/factors.ts'
import type { Person } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { checkEachInTurn, Refusal } from '#server/errors.ts'
import { enqueueMail } from '#server/sign-in/mails.ts'
import { type Registration, readRegistration } from '#server/sign-in/passkey-answers.ts'
import { challengeMs, isChallenge, makeChallenge, takeChallenge } from '#server/sign-in/passkey-challenges.ts'
import { passkeysMax, passkeysOf, readPasskeyName, userHandleOf } from '#server/sign-in/passkeys.ts'
import { requireProof } from '#server/sign-in/prove.ts'
import { lockUser } from '#server/sign-in/ways-in.ts'

const transportsMax = 8
/** EdDSA, ES256 and RS256 (COSE numbers): every authenticator knows one of them. */
const algorithms = [-8, -7, -257]

/** What the browser is asked in order to make a passkey: one that knows its account by itself and checks who holds it. */
export async function askToAdd(ctx: Context, who: Person, holder: string): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { name } = await ctx.settings.get()
  const handle = `${who.account.name}@${ctx.config.handleDomain}`
  const own = await passkeysOf(ctx.db, who.account.id)
  return generateRegistrationOptions({
    rpName: name,
    rpID: relyingParty(ctx),
    userName: handle,
    userDisplayName: who.account.displayName || handle,
    userID: userHandleOf(ctx, who.account.id),
    challenge: makeChallenge(ctx, { purpose: 'add', holder }),
    timeout: challengeMs,
    attestationType: 'none',
    supportedAlgorithmIDs: algorithms,
    excludeCredentials: own.map(({ credentialId, transports }) => ({ id: credentialId, transports })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' }
  })
}

/** The domain that passkeys belong to: the host of the origin, whatever name the request came by. */
export function relyingParty(ctx: Context): string {
  return new URL(ctx.config.origin).hostname
}

/**
 * Takes a passkey that the browser has made. `answer` is its JSON (PublicKeyCredential.toJSON). Refusals: `invalid` at `name`, at `password` without a proof,
 * or for an answer that does not hold; `conflict` when it is known already, or there are too many.
 */
export async function addPasskey(
  ctx: Context,
  who: Person,
  input: { name: string; password: string; answer: string; holder: string }
): Promise<void> {
  const { name } = await checkEachInTurn({
    name: () => readPasskeyName(input.name),
    password: () => requireProof(ctx, who, input.password, 'password')
  })
  const answer = readRegistration(input.answer)
  const { credential, credentialBackedUp } = await verify(ctx, answer, input.holder)
  const accountId = who.account.id
  const isFresh = await ctx.transact((tx) => takeChallenge(tx, answer.challenge))
  if (!isFresh) throw new Refusal('invalid', 'passkey.stale')
  await ctx.transact(async (tx) => {
    await lockUser(tx, accountId)
    const own = await passkeysOf(tx, accountId)
    if (own.length >= passkeysMax) throw new Refusal('conflict', 'passkey.tooMany', { limit: passkeysMax })
    const added = await tx
      .insert(passkeys)
      .values({
        id: tx.newId(),
        accountId,
        credentialId: credential.id,
        publicKey: Buffer.from(credential.publicKey).toString('base64url'),
        counter: credential.counter,
        transports: (credential.transports ?? []).slice(0, transportsMax),
        name,
        isBackedUp: credentialBackedUp,
        createdAt: tx.now
      })
      .onConflictDoNothing({ target: passkeys.credentialId })
      .returning({ id: passkeys.id })
    if (added.length === 0) throw new Refusal('conflict', 'passkey.known')
    await enqueueMail(tx, 'security', { accountId, what: 'passkeyAdded' })
  })
}

async function verify(ctx: Context, { response, challenge }: Registration, holder: string) {
  if (!isChallenge(ctx, challenge, { purpose: 'add', holder })) throw new Refusal('invalid', 'passkey.stale')
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: ctx.config.origin,
      expectedRPID: relyingParty(ctx),
      requireUserVerification: true,
      supportedAlgorithmIDs: algorithms
    })
    if (verified) return registrationInfo
  } catch (error) {
    ctx.log.info({ err: error }, 'a passkey to be added was not taken')
  }
  throw new Refusal('invalid', 'passkey.refused')
}
