import { createClock } from '#server/platform/clock.ts'
import { type RequestListener, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { type HttpClient, type HttpClientOptions, createHttpClient } from '#server/platform/http-client.ts'

/** A loopback server that notes every request and every connection it sees; stopped with the test. */
export interface Peer {
  origin: string
  port: number
  requests: { method: string; path: string; headers: Record<string, string | string[] | undefined> }[]
  /** Connections open now, and the most there ever were at once. */
  connections: { now: number; most: number }
}

export async function startPeer(t: TestContext, answer: RequestListener, address = '127.0.0.2'): Promise<Peer> {
  const requests: Peer['requests'] = []
  const connections = { now: 0, most: 0 }
  const server = createServer((request, response) => {
    requests.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers })
    answer(request, response)
  })
  server.on('connection', (socket) => {
    connections.now += 1
    connections.most = Math.max(connections.most, connections.now)
    socket.on('close', () => {
      connections.now -= 1
    })
  })
  await new Promise<void>((resolve) => server.listen(0, address, resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { origin: `http://${address}:${port}`, port, requests, connections }
}

/** A server that no request may ever reach. */
export function startCanary(t: TestContext): Promise<Peer> {
  return startPeer(t, (_request, response) => response.end('secret'), '127.0.0.3')
}

/** A client that may speak http to 127.0.0.2 alone, with a deadline fit for a test. */
export function startClient(
  t: TestContext,
  options: Partial<Omit<HttpClientOptions, 'outbound'>> & { outbound?: Partial<HttpClientOptions['outbound']> } = {}
): HttpClient {
  const client = createHttpClient({
    userAgent: 'Skerry/test (+https://skerry.test)',
    clock: createClock(),
    deadlineMs: 2_000,
    ...options,
    outbound: { allowAddresses: ['127.0.0.2'], allowHttp: true, dnsServers: [], connectionsMax: 32, ...options.outbound }
  })
  t.after(() => client.close())
  return client
}

/** For `assert.rejects`: an HttpError of this reason. */
export function reason(name: string): { name: string; reason: string } {
  return { name: 'HttpError', reason: name }
}
