import { setTimeout as sleep } from 'node:timers/promises'
import { deliveries } from '#db/schema/peers.ts'
import { startSink, write } from '#test/bench/deliver.ts'
import { goal, median } from '#test/bench/harness.ts'
import { know, toSkerry } from '#test/bench/inbox.ts'
import { startBenchInstance } from '#test/bench/instance.ts'
import { generateRsaKeyPair } from '#server/platform/key-pair.ts'
import { createPerson } from '#test/helpers/people.ts'
import { signedHeaders } from '#test/helpers/sign-request.ts'

const inboxes = 10_000
const hosts = 200
const pages = 400
const pageEveryMs = 15
/** Servers that flood the inbox, and how often one of them sends something. */
const flooders = 10
const floodEveryMs = 10
const rounds = 3

/** How long somebody waits for a page while a post goes to ten thousand inboxes and others flood ours, against a quiet instance. */
export async function busy(): Promise<void> {
  const sink = await startSink()
  const bench = await startBenchInstance()
  const ana = await createPerson(bench.ctx, bench.app, 'ana', 'person')
  for (let host = 0; host < hosts; host++) bench.network.add(`h${host}.test`, sink.port)
  for (let index = 0; index < 40; index++) await ana.submit('/posts', { text: `Number ${index} of the tide.`, visibility: 'public' })
  await bench.ctx.worker.drain()
  const flood = await floodOf(bench)
  const sent: number[] = []

  const p99s: Record<'idle' | 'busy', number[]> = { idle: [], busy: [] }
  for (let round = -1; round < rounds; round++) {
    const idle = await readPages(() => ana.page('/home'))
    const urls = Array.from({ length: inboxes }, (_, index) => `https://h${index % hosts}.test/users/${index}/inbox`)
    await write(bench, ana.account.id, `busy-${round}`, urls)
    bench.ctx.worker.start()
    const end = flood()
    const beside = await readPages(() => ana.page('/home'))
    sent.push(inboxes - (await bench.ctx.db.$count(deliveries)))
    await end()
    await bench.ctx.worker.stop(10_000)
    await bench.ctx.worker.drain()
    if (round < 0) continue
    p99s.idle.push(idle)
    p99s.busy.push(beside)
  }
  const [quiet, loud] = [median(p99s.idle), median(p99s.busy)]
  console.log(
    `\nHome page, p99: ${quiet.toFixed(1)} ms idle, ${loud.toFixed(1)} ms during a fan-out (${median(sent)} of ${inboxes} sent meanwhile) and a flooded inbox`
  )
  goal("a page's p99 during a fan-out and a flood to idle", loud / quiet, 1.5)
  await bench.close()
  sink.close()
}

async function readPages(read: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let index = 0; index < pages; index++) {
    const dueAt = performance.now() + pageEveryMs
    const from = performance.now()
    await read()
    times.push(performance.now() - from)
    await sleep(Math.max(0, dueAt - performance.now()))
  }
  times.sort((a, b) => a - b)
  return times[Math.floor(times.length * 0.99)] as number
}

/** Gives what starts a flood, and that what ends it. */
async function floodOf(bench: Awaited<ReturnType<typeof startBenchInstance>>): Promise<() => () => Promise<void>> {
  const keys = await generateRsaKeyPair()
  const actors = Array.from({ length: flooders }, (_, index) => `https://flood${index}.test/users/ben`)
  for (const id of actors)
    await know(bench, {
      '@context': ['https://www.w3.org/ns/activitystreams', 'https://w3id.org/security/v1'],
      id,
      type: 'Person',
      preferredUsername: 'ben',
      inbox: `${id}/inbox`,
      publicKey: { id: `${id}#main-key`, owner: id, publicKeyPem: keys.publicPem }
    } as { id: string })
  let number = 0
  const sendOne = async () => {
    const actor = actors[number % flooders] as string
    const id = `${actor}/notes/${number++}`
    const to = ['https://www.w3.org/ns/activitystreams#Public']
    const object = { id, type: 'Note', attributedTo: actor, content: '<p>Flood.</p>', to }
    const activity = { '@context': 'https://www.w3.org/ns/activitystreams', id: `${id}#create`, type: 'Create', actor, object, to }
    const body = Buffer.from(JSON.stringify(activity))
    const signing = { host: 'bench.test', path: '/inbox', body, keyId: `${actor}#main-key`, privatePem: keys.privatePem, now: Date.now() }
    await toSkerry(bench, { body, headers: signedHeaders(signing) })
  }
  return () => {
    const underWay = new Set<Promise<void>>()
    const timer = setInterval(() => {
      const one: Promise<void> = sendOne().finally(() => underWay.delete(one))
      underWay.add(one)
    }, floodEveryMs)
    return async () => {
      clearInterval(timer)
      await Promise.all(underWay)
    }
  }
}
