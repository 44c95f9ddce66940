import type { Tx } from '#db/reader.ts'
import { accountKeys } from '#db/schema/accounts.ts'
import type { Context } from '#server/context.ts'

export interface SealedKey {
  kind: 'rsa' | 'ed25519'
  publicPem: string
  privateSealed: string
}

/** A fresh RSA-2048 and a fresh Ed25519 key, private halves sealed. Takes some 100 ms: made before the transaction. */
export async function makeKeys(ctx: Context): Promise<SealedKey[]> {
  const [rsa, ed25519] = await Promise.all([ctx.keySource.rsa(), ctx.keySource.ed25519()])
  return [
    { kind: 'rsa', publicPem: rsa.publicPem, privateSealed: ctx.seal.seal(rsa.privatePem) },
    { kind: 'ed25519', publicPem: ed25519.publicPem, privateSealed: ctx.seal.seal(ed25519.privatePem) }
  ]
}

/** Gives an account of ours its keys: `#main-key` for HTTP signatures, `#ed25519-key` for proofs. */
export async function insertKeys(tx: Tx, account: { id: number; uri: string }, keys: readonly SealedKey[]): Promise<void> {
  const fragment = { rsa: 'main-key', ed25519: 'ed25519-key' }
  await tx.insert(accountKeys).values(
    keys.map(({ kind, publicPem, privateSealed }) => ({
      id: tx.newId(),
      accountId: account.id,
      uri: `${account.uri}#${fragment[kind]}`,
      kind,
      publicPem,
      privateSealed,
      createdAt: tx.now
    }))
  )
}
