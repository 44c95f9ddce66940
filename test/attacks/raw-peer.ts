import { createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import type { Instance } from '#test/helpers/instance.ts'

/** What is said over the socket once the head of a request is there. */
export type Script = (socket: Socket, request: string) => void

/** A server without an HTTP library: it says, byte for byte, what its scripts say. */
export interface RawPeer {
  readonly origin: string
  readonly port: number
  /** First lines of the requests, in order. */
  readonly requests: string[]
  /** Connections open now, and the number there ever were. */
  readonly connections: { now: number; ever: number }
  /** Bytes written so far, whether or not anybody took them. */
  readonly sent: () => number
  /** What is said to a path with query; a script for `*` speaks for the rest. */
  readonly scripts: Map<string, Script>
}

/** Reachable under a name by the instance, and at `address` with its port by everybody on this machine. */
export async function rawPeer(t: TestContext, instance: Instance, host: string, address = '127.0.0.1'): Promise<RawPeer> {
  const requests: string[] = []
  const connections = { now: 0, ever: 0 }
  const scripts = new Map<string, Script>()
  const open = new Set<Socket>()
  let gone = 0
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket)
    connections.now += 1
    connections.ever += 1
    let heard = ''
    socket.on('data', (bytes) => {
      heard += bytes.toString('latin1')
      if (!heard.includes('\r\n\r\n')) return
      const line = heard.slice(0, heard.indexOf('\r\n'))
      const request = heard
      heard = ''
      requests.push(line.replace(/ HTTP\/1\.1$/, ''))
      const script = scripts.get(line.split(' ')[1] ?? '') ?? scripts.get('*')
      if (script) script(socket, request)
      else socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')
    })
    // Whoever asks goes away in the middle, which is what these answers are for.
    socket.on('error', () => socket.destroy())
    socket.on('end', () => socket.end())
    socket.on('close', () => {
      open.delete(socket)
      connections.now -= 1
      gone += socket.bytesWritten
    })
  })
  await new Promise<void>((resolve) => server.listen(0, address, resolve))
  const { port } = server.address() as AddressInfo
  if (address === '127.0.0.1') instance.network.add(host, port)
  t.after(() => {
    instance.network.remove(host)
    for (const socket of open) socket.destroy()
    server.close()
  })
  const sent = () => [...open].reduce((sum, socket) => sum + socket.bytesWritten, gone)
  return { origin: `https://${host}`, port, requests, connections, sent, scripts }
}

const activityJson = 'content-type: application/activity+json'

/** A whole answer: status, header lines, body as it stands. */
export function says(status: string, headers: readonly string[], body: string | Buffer = ''): Script {
  return (socket) => {
    socket.write(`HTTP/1.1 ${status}\r\n${headers.map((line) => `${line}\r\n`).join('')}connection: close\r\n\r\n`)
    socket.end(body)
  }
}

/** A document, sound in every way. */
export function serves(document: unknown): Script {
  const body = JSON.stringify(document)
  return says('200 OK', [activityJson, `content-length: ${Buffer.byteLength(body)}`], body)
}

export function redirects(location: string, status = 302): Script {
  return says(`${status} Elsewhere`, [`location: ${location}`, 'content-length: 0'])
}

/** Bytes one at a time for as long as anybody listens: with nothing before them, a head that never ends. */
export function drips(before: string, everyMs: number): Script {
  return (socket) => {
    socket.write(before)
    const timer = setInterval(() => socket.write('x'), everyMs)
    socket.on('close', () => clearInterval(timer))
  }
}

/** A chunk again and again as fast as it is taken. */
export function pours(before: string, chunk: Buffer): Script {
  return (socket) => {
    const pour = () => {
      while (!socket.destroyed && socket.write(chunk));
    }
    socket.write(before)
    socket.on('drain', pour)
    pour()
  }
}

/** Takes the request and never says a word. */
export const isSilent: Script = () => {}
