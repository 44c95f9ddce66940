import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { Instance } from '#test/helpers/instance.ts'
import type { SignedPost } from '#test/helpers/remote.ts'

export interface RawAnswer {
  /** The status of the first answer; 0 when the connection ended without one. */
  status: number
  /** Status of every answer that came over the connection. */
  statuses: number[]
  text: string
  /** From connecting to the end of the connection, or until we went. */
  tookMs: number
  isClosedByServer: boolean
}

export interface RawOptions {
  /** The connection is left when nothing came for so long after what was sent. */
  quietMs?: number
  /** And in any case after so long. */
  timeoutMs?: number
  /** Sends FIN after the bytes and goes on reading. */
  endsAfter?: boolean
}

/** Bytes, text, or a pause in ms. */
export type Part = string | Buffer | number

/** Sends bytes to the instance that need be no sound HTTP, and hears what comes back. */
export async function rawRequest(instance: Instance, parts: Part | readonly Part[], options: RawOptions = {}): Promise<RawAnswer> {
  const { quietMs = 300, timeoutMs = 10_000, endsAfter = false } = options
  const startedAt = performance.now()
  const socket = await rawConnection(instance)
  let text = ''
  let isClosedByServer = false
  let heardAt = Number.POSITIVE_INFINITY
  socket.on('data', (bytes) => {
    text += bytes.toString('latin1')
    heardAt = performance.now()
  })
  socket.on('close', () => {
    isClosedByServer = true
  })
  // A server that has had enough resets the connection while we still write: an answer like any other.
  socket.on('error', () => socket.destroy())
  for (const part of [parts].flat()) {
    if (typeof part === 'number') await delay(part)
    else if (!socket.destroyed) socket.write(part)
  }
  if (endsAfter) socket.end()
  while (!isClosedByServer && performance.now() - startedAt < timeoutMs && performance.now() - heardAt < quietMs) await delay(5)
  const tookMs = performance.now() - startedAt
  const closed = isClosedByServer
  socket.destroy()
  const statuses = [...text.matchAll(/^HTTP\/1\.[01] (\d{3}) /gm)].map(([, code]) => Number(code))
  return { status: statuses[0] ?? 0, statuses, text, tookMs, isClosedByServer: closed }
}

/** A connection to the instance over which nothing was said yet. */
export function rawConnection(instance: Instance): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: instance.network.portOf(instance.config.host) ?? 0, host: '127.0.0.1' }, () => {
      socket.off('error', reject)
      resolve(socket)
    })
    socket.once('error', reject)
  })
}

/** The head of a request: its line and its headers, each as it stands. */
export function head(line: string, ...headers: string[]): string {
  return `${[`${line} HTTP/1.1`, ...headers].join('\r\n')}\r\n\r\n`
}

/** The header lines of a signed POST, without those that name the length. */
export function linesOf(signed: SignedPost): string[] {
  return Object.entries(signed.headers)
    .filter(([name]) => name !== 'content-length')
    .map(([name, value]) => `${name}: ${value}`)
}
