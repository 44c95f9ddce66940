import type { IncomingHttpHeaders } from 'node:http'

const keyIdShape = /\bkeyid="([^"\\]{1,2048})"/i

/** The one keyId that a signed request names, as it stands there; undefined when it names none or several. Nothing is proven by it. */
export function keyIdOf(headers: IncomingHttpHeaders): string | undefined {
  const { signature, 'signature-input': input } = headers
  const named = [signature, input].flatMap((header) => {
    const found = typeof header === 'string' ? header.match(new RegExp(keyIdShape, 'gi')) : null
    return found ?? []
  })
  return named.length === 1 ? keyIdShape.exec(named[0] ?? '')?.[1] : undefined
}
