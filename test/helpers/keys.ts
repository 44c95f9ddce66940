import { generateEd25519KeyPair, generateRsaKeyPair, type KeyPair, type KeySource } from '#server/platform/key-pair.ts'

const pairsCount = 3
let pairs: Promise<KeyPair[]> | undefined
let given = 0

/** RSA keys cost 50 ms and more each; the accounts of a test process share a few. */
export const keySourceOfTests: KeySource = {
  async rsa() {
    pairs ??= Promise.all(Array.from({ length: pairsCount }, generateRsaKeyPair))
    return (await pairs)[given++ % pairsCount] as KeyPair
  },
  ed25519: generateEd25519KeyPair
}
