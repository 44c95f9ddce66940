import { hash } from 'node:crypto'
import { timedHash } from '#server/peers/receipts.ts'

/** What a signature header says, before anybody has looked at a key: well formed, covering enough, and fresh. */
export type SignatureClaim = CavageClaim | MessageSignatureClaim

interface ClaimBase {
  /** An absolute http(s) URL; only a hint for which key of the actor to try first. */
  keyId: string
  signature: Buffer
  /** When it was made by its own word, which it covers; ms since 1970. */
  signedAt: number
  /** What the body must hash to. */
  digest: { algorithm: 'sha256' | 'sha512'; value: Buffer }
}

/** draft-cavage-http-signatures-12. */
export interface CavageClaim extends ClaimBase {
  kind: 'cavage'
  /** What was signed, as bytes-to-be. Made when it is asked for: much of what comes is answered without anybody looking at the signature. */
  signingString(): string
  /** The same as signers build it who leave a part of the request out, each to be tried after it; none where there is nothing that they could leave out. */
  otherStrings(): string[]
  /** Key kinds the named algorithm leaves open. */
  keyKinds: readonly ('rsa' | 'ed25519')[]
}

/** RFC 9421. The signature itself is checked by Fedify from the request as it came. */
export interface MessageSignatureClaim extends ClaimBase {
  kind: 'rfc9421'
  algorithm: string | undefined
}

/**
 * What a replay repeats: the second in which it was signed, then SHA-256 of the signature's bytes, hex. Receipts that come together so lie together in their index: by
 * the hash alone each would be written to a place of its own, and its page be read and written for it.
 */
export function signatureHashOf({ signature, signedAt }: SignatureClaim): string {
  return timedHash(hash('sha256', signature, 'hex'), signedAt)
}

/** The parts of a request a signature can cover. */
export interface RequestHead {
  method: string
  /** Path with query, as it stands in the request line. */
  target: string
  /** Our own origin; never what Host or X-Forwarded-* say. */
  origin: string
  /** Lower-case names; a header that came twice is joined by a comma, as Node does. */
  headers: Record<string, string | string[] | undefined>
}

/** Whether a method sends no body, so that a signature need not cover one. */
export function isReading(method: string): boolean {
  return method === 'GET' || method === 'HEAD'
}

/** Why a signature cannot be believed; ends up in the answer's body, so that the other side's operator can mend it. */
export class SignatureFault extends Error {
  override readonly name = 'SignatureFault'
}
