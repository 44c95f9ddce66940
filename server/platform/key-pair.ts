import { generateKeyPair } from 'node:crypto'

/** Signing with 4,096 bits is six times slower, and no peer asks for more than 2,048. */
const rsaBits = 2048

const publicKeyEncoding = { type: 'spki', format: 'pem' } as const
const privateKeyEncoding = { type: 'pkcs8', format: 'pem' } as const

/** A key pair as it is stored: SPKI and PKCS#8, both PEM. The private half is sealed before it reaches the database. */
export interface KeyPair {
  publicPem: string
  privatePem: string
}

/** Where new keys come from: made on the spot, or (tests) taken from a prepared pool. */
export interface KeySource {
  rsa(): Promise<KeyPair>
  ed25519(): Promise<KeyPair>
}

/** An RSA pair of 2,048 bits, made on the thread pool (some 50 to 300 ms). */
export function generateRsaKeyPair(): Promise<KeyPair> {
  return new Promise((resolve, reject) => {
    generateKeyPair('rsa', { modulusLength: rsaBits, publicKeyEncoding, privateKeyEncoding }, (error, publicPem, privatePem) =>
      error ? reject(error) : resolve({ publicPem, privatePem })
    )
  })
}

export function generateEd25519KeyPair(): Promise<KeyPair> {
  return new Promise((resolve, reject) => {
    generateKeyPair('ed25519', { publicKeyEncoding, privateKeyEncoding }, (error, publicPem, privatePem) =>
      error ? reject(error) : resolve({ publicPem, privatePem })
    )
  })
}

/** `pool` holds prepared RSA pairs (tests): each is given out once, and real ones are made when it is empty. */
export function createKeySource({ pool = [] }: { pool?: readonly KeyPair[] } = {}): KeySource {
  const left = [...pool]
  return {
    rsa: async () => left.shift() ?? generateRsaKeyPair(),
    ed25519: generateEd25519KeyPair
  }
}
