import { readFileSync, writeFileSync } from 'node:fs'
import { generateEd25519KeyPair, generateRsaKeyPair, type KeyPair, type KeySource } from '#server/platform/key-pair.ts'
import { onceARun } from '#test/helpers/scratch.ts'

const pairsCount = 3
let pairs: Promise<KeyPair[]> | undefined
let given = 0

/** RSA keys cost 50 ms and more each; the accounts of a run share a few. */
export const keySourceOfTests: KeySource = {
  async rsa() {
    pairs ??= readPairs()
    return (await pairs)[given++ % pairsCount] as KeyPair
  },
  ed25519: generateEd25519KeyPair
}

async function readPairs(): Promise<KeyPair[]> {
  const path = await onceARun('key-pairs.json', async (file) => {
    writeFileSync(file, JSON.stringify(await Promise.all(Array.from({ length: pairsCount }, generateRsaKeyPair))))
  })
  return JSON.parse(readFileSync(path, 'utf8')) as KeyPair[]
}
