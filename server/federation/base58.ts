const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const zero = alphabet.charAt(0)
const wellFormed = /^[1-9A-HJ-NP-Za-km-z]{1,100}$/

/** Base58 as Bitcoin spells it: each zero byte in front is a letter of its own. */
export function toBase58(bytes: Buffer): string {
  let value = BigInt(`0x0${bytes.toString('hex')}`)
  let text = ''
  for (; value > 0n; value /= 58n) text = alphabet.charAt(Number(value % 58n)) + text
  const zeros = bytes.findIndex((byte) => byte !== 0)
  return zero.repeat(zeros === -1 ? bytes.length : zeros) + text
}

/** The bytes behind at most 100 letters of it; undefined for anything else. */
export function fromBase58(text: string): Buffer | undefined {
  if (!wellFormed.test(text)) return undefined
  let value = 0n
  for (const letter of text) value = value * 58n + BigInt(alphabet.indexOf(letter))
  const hex = value === 0n ? '' : value.toString(16)
  const zeros = /^1*/.exec(text)?.[0].length ?? 0
  return Buffer.concat([Buffer.alloc(zeros), Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')])
}
