import type { AddressInfo } from 'node:net'
import { Worker } from 'node:worker_threads'
import Fastify, { type FastifyInstance } from 'fastify'
import { eq } from 'drizzle-orm'
import { users } from '#db/schema/sign-in.ts'
import { publishPost } from '#server/posts/publish-post.ts'
import { goal, median } from '#test/bench/harness.ts'
import { startBenchInstance } from '#test/bench/instance.ts'
import { createPerson } from '#test/helpers/people.ts'

const connections = 16
const roundMs = 700
const rounds = 5
const posts = 60
const asPeer = 'application/activity+json'

interface Target {
  name: string
  port: number
  path: string
}

interface Sample {
  perSecond: number
  cpuMs: number
}

/**
 * Documents for peers over real connections, against a constant answer of the same size from a bare Fastify in the same process: answers a second, and what
 * each costs the thread that serves. Those who ask are on a thread of their own.
 */
export async function serve(): Promise<void> {
  const bench = await startBenchInstance()
  const ana = await createPerson(bench.ctx, bench.app, 'ana', 'person')
  const [user] = await bench.ctx.db.select().from(users).where(eq(users.accountId, ana.account.id))
  const who = { kind: 'account' as const, account: ana.account, user: user! }
  const written = []
  for (let index = 0; index < posts; index += 1) {
    const text = `Post number ${index} about the #tide and whatever else there is to say of an evening by the sea.`
    written.push(await publishPost(bench.ctx, who, { text, visibility: 'public', language: 'en' }))
  }
  const port = await listen(bench.app)
  const paths = { actor: '/@ana', post: new URL(written[0]?.uri ?? '').pathname, outbox: '/@ana/outbox?page=1' }
  for (const [name, path] of Object.entries(paths)) {
    const answer = await bench.app.inject({ url: path, headers: { host: 'bench.test', accept: asPeer } })
    if (answer.statusCode !== 200) throw new Error(`${path} answered ${answer.statusCode}.`)
    const constant = await constantServer(path, answer.body)
    const floor = { name: `constant Fastify answer of ${answer.body.length} bytes`, port: constant.port, path }
    const ours = { name: `Skerry, ${name}`, port, path }
    await compare(name, floor, ours)
    await constant.close()
  }
  await bench.close()
}

async function compare(name: string, floor: Target, ours: Target): Promise<void> {
  const samples = new Map<Target, Sample[]>([
    [floor, []],
    [ours, []]
  ])
  for (let round = -1; round < rounds; round += 1) {
    for (const target of [floor, ours]) {
      const sample = await load(target)
      if (round >= 0) samples.get(target)?.push(sample)
    }
  }
  console.log(`\nServing, ${name}`)
  const rateOf = (target: Target) => median((samples.get(target) ?? []).map((sample) => sample.perSecond))
  for (const target of [floor, ours]) {
    const cpuMs = median((samples.get(target) ?? []).map((sample) => sample.cpuMs))
    console.log(
      `  ${target.name.padEnd(44)} ${rateOf(target).toFixed(0).padStart(7)} a second  CPU ${(cpuMs * 1_000).toFixed(1).padStart(6)} µs`
    )
  }
  goal(`rate of a constant Fastify answer to that of the ${name}`, rateOf(floor) / rateOf(ours), 1 / 0.6)
}

async function load({ port, path }: Target): Promise<Sample> {
  const request = `GET ${path} HTTP/1.1\r\nhost: bench.test\r\naccept: ${asPeer}\r\n\r\n`
  const before = process.threadCpuUsage()
  const count = await new Promise<number>((resolve, reject) => {
    const worker = new Worker(asker, { eval: true, workerData: { port, request, connections, roundMs } })
    worker.once('message', resolve)
    worker.once('error', reject)
  })
  const { user, system } = process.threadCpuUsage(before)
  return { perSecond: (count / roundMs) * 1_000, cpuMs: (user + system) / 1_000 / count }
}

/** Asks again as soon as it is answered, on each connection; sends back how many answers came. */
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

async function constantServer(path: string, body: string): Promise<{ port: number; close(): Promise<void> }> {
  const app = Fastify()
  app.get(path.split('?', 1)[0] ?? '', (_request, reply) => reply.type(`${asPeer}; charset=utf-8`).send(body))
  return { port: await listen(app), close: () => app.close() }
}

async function listen(app: FastifyInstance): Promise<number> {
  await app.listen({ host: '127.0.0.1', port: 0 })
  return (app.server.address() as AddressInfo).port
}
