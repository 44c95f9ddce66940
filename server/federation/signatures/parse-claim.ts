import { type RequestHead, type SignatureClaim, SignatureFault } from '#server/federation/signatures/claim.ts'
import { parseCavage } from '#server/federation/signatures/parse-cavage.ts'
import { parseRfc9421 } from '#server/federation/signatures/parse-rfc9421.ts'

/** Together; a sound signature with an RSA key of 8,192 bits needs 1.4 kB. */
const signatureCharactersMax = 8_192

/** Reads whichever kind of signature a request carries. Throws SignatureFault; asks nobody and needs no key. */
export function parseClaim(head: RequestHead, now: number): SignatureClaim {
  const { signature, 'signature-input': signatureInput } = head.headers
  if (signature === undefined) throw new SignatureFault('The request is not signed.')
  if (String(signature).length + String(signatureInput ?? '').length > signatureCharactersMax) {
    throw new SignatureFault('The signature is too long.')
  }
  return signatureInput === undefined ? parseCavage(head, now) : parseRfc9421(head, now)
}
