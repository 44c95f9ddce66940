import { randomBytes, randomInt } from 'node:crypto'

/** Randomness, so that tests can fix it. */
export interface Random {
  bytes(count: number): Buffer
  /** A whole number from 0 to max - 1. */
  below(max: number): number
  /** 192 bits as base64url: cookies, one-time links, public media keys. */
  token(): string
}

export function createRandom(): Random {
  return {
    bytes: randomBytes,
    below: (max) => (max <= 1 ? 0 : randomInt(max)),
    token: () => randomBytes(24).toString('base64url')
  }
}
