import type { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { HttpError } from '#server/platform/http-error.ts'

/** What we tell servers we decode. */
export const acceptEncoding = 'gzip, br'

interface BodyLimits {
  /** Bytes at most, both as they come and decoded. */
  bytesMax: number
  /** Value of Content-Encoding; one coding at most, since a chain of them multiplies what a small body can become. */
  encoding: string
  /** Keeps what was read when the body is too long or broken, for answers whose body only goes to a log. */
  isCut: boolean
}

/**
 * Reads a body into memory and stops at once when it grows over its limit, whether sent so or unpacked, so that neither an endless
 * stream nor a decompression bomb costs more than the limit. Throws HttpError `too-large` or `encoding`.
 */
export async function readBody(body: Readable, limits: BodyLimits): Promise<Buffer> {
  const chunks: Buffer[] = []
  const tooLarge = () => new HttpError('too-large', `The answer is larger than the ${limits.bytesMax} bytes we take.`)
  let sent = 0
  async function* countSent(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      sent += chunk.length
      yield chunk
      if (sent > limits.bytesMax) throw tooLarge()
    }
  }
  let decoded = 0
  async function collect(source: AsyncIterable<Buffer>): Promise<void> {
    for await (const chunk of source) {
      const room = limits.bytesMax - decoded
      decoded += chunk.length
      chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk)
      if (decoded > limits.bytesMax) throw tooLarge()
    }
  }
  try {
    const decoder = decoderFor(limits.encoding)
    if (decoder === undefined) await pipeline(body, countSent, collect)
    else await pipeline(body, countSent, decoder, collect)
  } catch (error) {
    const failure = isBrokenEncoding(error) ? new HttpError('encoding', `The answer's ${limits.encoding} is broken.`, '', error) : error
    const isOfBody = failure instanceof HttpError && (failure.reason === 'too-large' || failure.reason === 'encoding')
    discardBody(body)
    // Servers announce an encoding for answers without a body too.
    if (sent === 0 && isBrokenEncoding(error)) return Buffer.alloc(0)
    if (!limits.isCut || !isOfBody) throw failure
  }
  return Buffer.concat(chunks)
}

/** Lets go of a body nobody wants, and with it of the connection: reading on to keep it would be work the other side chooses. */
export function discardBody(body: Readable): void {
  // Destroying an unread body emits an error that says just that; without a listener it would end the process.
  body.on('error', () => undefined)
  body.destroy()
}

function decoderFor(encoding: string): Transform | undefined {
  switch (encoding) {
    case '':
    case 'identity':
      return undefined
    case 'gzip':
    case 'x-gzip':
      return createGunzip()
    case 'br':
      return createBrotliDecompress()
    case 'deflate':
      return createInflate()
    default:
      throw new HttpError('encoding', `The answer comes in an encoding we do not read ("${encoding.slice(0, 40)}").`)
  }
}

function isBrokenEncoding(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return false
  return (
    error.code.startsWith('Z_') ||
    error.code.startsWith('ERR__ERROR_') ||
    error.code.startsWith('ERR_BROTLI') ||
    error.code.startsWith('ERR_PADDING')
  )
}
