import { hash } from 'node:crypto'
import canonical from 'json-canon'

/**
 * What an `eddsa-jcs-2022` proof signs (Data Integrity EdDSA Cryptosuites, section 3.3.4): the SHA-256 of the canonical proof without its
 * value, then that of the canonical document without its proof.
 */
export function hashOfProof(document: Record<string, unknown>, options: Record<string, unknown>): Buffer {
  const { proof: _, ...unsecured } = document
  return Buffer.concat([sha256(canonical(options)), sha256(canonical(unsecured))])
}

function sha256(text: string): Buffer {
  return hash('sha256', text, 'buffer')
}
