import type { AddressInfo } from 'node:net'
import { Worker } from 'node:worker_threads'
import Fastify, { type FastifyInstance } from 'fastify'

export interface Load {
  port: number
  path: string
  /** As they stand in the request, beside `host`. */
  headers: Record<string, string>
  connections: number
  roundMs: number
}

export interface LoadSample {
  perSecond: number
  /** CPU of the thread that serves, a request. */
  cpuMs: number
}

/** Asks for one path over real connections from a thread of its own, each connection again as soon as it is answered; fails unless all answers are 200. */
export async function load({ headers, ...rest }: Load): Promise<LoadSample> {
  const lines = Object.entries({ host: 'bench.test', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
  const request = `GET ${rest.path} HTTP/1.1\r\n${lines.join('')}\r\n`
  const before = process.threadCpuUsage()
  const count = await new Promise<number>((resolve, reject) => {
    const worker = new Worker(asker, { eval: true, workerData: { ...rest, request } })
    worker.once('message', resolve)
    worker.once('error', reject)
  })
  const { user, system } = process.threadCpuUsage(before)
  return { perSecond: (count / rest.roundMs) * 1_000, cpuMs: (user + system) / 1_000 / count }
}

const asker = `
const { connect } = require('node:net')
const { parentPort, workerData: { port, request, connections, roundMs } } = require('node:worker_threads')
let count = 0
let isOver = false
for (let index = 0; index < connections; index += 1) {
  const socket = connect(port, '127.0.0.1', () => socket.write(request))
  let expected = -1
  let got = 0
  socket.setNoDelay(true)
  socket.on('data', (chunk) => {
    if (expected < 0) {
      const text = chunk.toString('latin1')
      const end = text.indexOf('\\r\\n\\r\\n')
      expected = end + 4 + Number(/content-length: (\\d+)/i.exec(text)[1])
      if (!text.startsWith('HTTP/1.1 200')) throw new Error(text.slice(0, 200))
    }
    got += chunk.length
    if (got < expected) return
    got = 0
    expected = -1
    count += 1
    if (!isOver) socket.write(request)
  })
}
setTimeout(() => { isOver = true; parentPort.postMessage(count); setTimeout(() => process.exit(0), 20) }, roundMs)
`

/** A bare Fastify that answers one path with one text. */
export async function constantServer(path: string, type: string, body: string): Promise<{ port: number; close(): Promise<void> }> {
  const app = Fastify()
  app.get(path.split('?', 1)[0] ?? '', (_request, reply) => reply.type(`${type}; charset=utf-8`).send(body))
  return { port: await listen(app), close: () => app.close() }
}

/** Listens on a port of the system's choice. */
export async function listen(app: FastifyInstance): Promise<number> {
  await app.listen({ host: '127.0.0.1', port: 0 })
  return (app.server.address() as AddressInfo).port
}
