const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const wellFormed = /^[1-9A-HJ-NP-Za-km-z]{1,100}$/

/** Base58 as Bitcoin spells it, for values that do not begin with a zero byte. */
export function toBase58(bytes: Buffer): string {
  let value = BigInt(`0x${bytes.toString('hex')}`)
  let text = ''
  for (; value > 0n; value /= 58n) text = alphabet.charAt(Number(value % 58n)) + text
  return text
}

/** The bytes behind at most 100 letters of it; undefined for anything else. */
export function fromBase58(text: string): Buffer | undefined {
  if (!wellFormed.test(text)) return undefined
  let value = 0n
  for (const letter of text) value = value * 58n + BigInt(alphabet.indexOf(letter))
  const hex = value.toString(16)
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
}
