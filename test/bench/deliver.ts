import { fork } from 'node:child_process'
import { createHash, createPrivateKey, sign } from 'node:crypto'
import { join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import { createFederation, InProcessMessageQueue, MemoryKvStore } from '@fedify/fedify'
import { Create, Note } from '@fedify/fedify/vocab'
import { Pool } from 'undici'
import { activities, deliveries, peers } from '#db/schema/peers.ts'
import { generateRsaKeyPair } from '#server/platform/key-pair.ts'
import { goal, median, show } from '#test/bench/harness.ts'
import { type BenchInstance, startBenchInstance } from '#test/bench/instance.ts'
import { createPerson } from '#test/helpers/people.ts'

/**
 * Inboxes of one round where the cost is measured, over so many hosts, and those the same for all who send: each has connections of its own, as in practice. (When the
 * floor and Fedify sent all to one origin, they had 64 connections to open in all, and we two for each host.)
 */
const inboxes = 2_000
const hosts = 100
const repeats = 5
/** Hosts of the round where some are ill; each has one inbox. */
const crowd = 3_000
const illShare = 0.3
const signAsync = promisify(sign)

export interface Sink {
  port: number
  /** Resolves with the moment at which so many more deliveries were taken. */
  after(count: number): Promise<number>
  close(): void
}

/** What a delivery costs from its row to the row being gone, and what sick hosts cost the healthy ones. */
export async function deliver(): Promise<void> {
  const sink = await startSink()
  const bench = await startBenchInstance()
  const ana = await createPerson(bench.ctx, bench.app, 'ana', 'person')
  await cost(bench, sink, ana.account.id)
  await withTheSick(bench, sink, ana.account.id)
  await bench.close()
  sink.close()
}

async function cost(bench: BenchInstance, sink: Sink, actorId: number): Promise<void> {
  for (let host = 0; host < hosts; host++) bench.network.add(`h${host}.test`, sink.port)
  const urls = Array.from({ length: inboxes }, (_, index) => `https://h${index % hosts}.test/users/${index}/inbox`)
  const body = bodyOf('cost')
  const keys = await generateRsaKeyPair()
  const cases = [
    { name: 'floor: sign, keep-alive POST', run: floor(sink, keys.privatePem, body) },
    {
      name: 'Skerry, from row to row gone',
      prepare: (round: number) => write(bench, actorId, `cost-${round}`, urls),
      run: () => bench.ctx.worker.drain()
    },
    { name: 'Fedify, through its queue in memory', run: fedifySender(sink, new InProcessMessageQueue()) },
    { name: 'Fedify, at once and without a queue', run: fedifySender(sink) }
  ]
  const cpu = cases.map(() => [] as number[])
  const wall = cases.map(() => [] as number[])
  for (let round = -1; round < repeats; round++) {
    for (const [place, each] of cases.entries()) {
      await each.prepare?.(round)
      globalThis.gc?.()
      const startedAt = performance.now()
      const before = process.cpuUsage()
      await each.run()
      const { user, system } = process.cpuUsage(before)
      if (round < 0) continue
      cpu[place]?.push((user + system) / 1_000 / inboxes)
      wall[place]?.push((performance.now() - startedAt) / inboxes)
    }
  }
  const results = cases.map(({ name }, place) => {
    const of = cpu[place] as number[]
    const cpuMs = median(of)
    return { name, wallMs: median(wall[place] as number[]), cpuMs, spread: (Math.max(...of) - Math.min(...of)) / 2 / cpuMs, repeats }
  })
  show(`Deliveries to ${inboxes} inboxes of ${hosts} hosts, each`, results)
  const [bare, ours, fedify, immediate] = results.map(({ cpuMs }) => cpuMs) as [number, number, number, number]
  goal('outbound CPU of a delivery to the floor', ours / bare, 2)
  goal("outbound CPU of a delivery to that of Fedify's sender, which also queues", ours / fedify, 0.5)
  goal("outbound CPU of a delivery to that of Fedify's sender without a queue, which forgets what it cannot send", ours / immediate, 0.5)
}

async function withTheSick(bench: BenchInstance, sink: Sink, actorId: number): Promise<void> {
  const ill = Math.round(crowd * illShare)
  const times: Record<'well' | 'ill', number[]> = { well: [], ill: [] }
  for (let round = 0; round < 3; round++) {
    for (const kind of ['well', 'ill'] as const) {
      const names = Array.from({ length: crowd }, (_, index) => {
        // Every third of the sick refuses connections, one answers late, one never.
        const isIll = kind === 'ill' && index % crowd < ill
        const name = isIll ? (['dead', 'slow', 'mute'][index % 3] as string) : 'well'
        const host = `${name}-${round}-${kind}-${index}.test`
        bench.network.add(host, name === 'dead' ? 1 : sink.port)
        return host
      })
      // The sick stand among the others as chance has it.
      names.sort((a, b) => createHash('md5').update(a).digest('hex').localeCompare(createHash('md5').update(b).digest('hex')))
      await write(
        bench,
        actorId,
        `crowd-${round}-${kind}`,
        names.map((host) => `https://${host}/inbox`)
      )
      const living = kind === 'ill' ? crowd - ill : crowd
      const done = sink.after(Math.ceil(living * 0.99))
      const startedAt = Date.now()
      bench.ctx.worker.start()
      times[kind].push((await done) - startedAt)
      await bench.ctx.worker.stop(20_000)
      await bench.ctx.transact(async (tx) => {
        await tx.delete(deliveries)
        await tx.delete(activities)
        await tx.delete(peers)
      })
    }
  }
  const [well, sick] = [median(times.well), median(times.ill)]
  console.log(
    `\n${crowd} inboxes, one a host: 99 % of the living done in ${well} ms when all live, ${sick} ms when ${illShare * 100} % do not`
  )
  goal('time of the living beside 30 % dead, slow or mute to all alive', sick / well, 1.3)
}

export async function write({ ctx }: BenchInstance, actorId: number, name: string, urls: readonly string[]): Promise<void> {
  const perStatement = 500
  await ctx.transact(async (tx) => {
    const id = tx.newId()
    await tx.insert(activities).values({ id, uri: `https://bench.test/${name}`, actorId, body: bodyOf(name), createdAt: tx.now })
    for (let at = 0; at < urls.length; at += perStatement)
      await tx.insert(deliveries).values(
        urls.slice(at, at + perStatement).map((inboxUrl) => ({
          id: tx.newId(),
          activityId: id,
          inboxUrl,
          host: new URL(inboxUrl).host,
          lane: 'fan-out' as const,
          runAt: tx.now,
          createdAt: tx.now
        }))
      )
  })
}

function bodyOf(name: string): string {
  const id = `https://bench.test/@ana/${name}`
  const to = ['https://www.w3.org/ns/activitystreams#Public']
  const object = { id, type: 'Note', attributedTo: 'https://bench.test/@ana', content: `<p>${'The tide is out. '.repeat(20)}</p>`, to }
  return JSON.stringify({
    '@context': 'https://www.w3.org/ns/activitystreams',
    id: `${id}#create`,
    type: 'Create',
    actor: 'https://bench.test/@ana',
    object,
    to
  })
}

/** The address of the host of an inbox, whose name only we have. */
function originOf({ port }: Sink, index: number): string {
  return `http://127.0.0.${1 + (index % hosts)}:${port}`
}

/** A signature and a POST over a kept connection for each inbox, as many at once as we make. */
function floor(sink: Sink, privatePem: string, body: string): () => Promise<void> {
  const key = createPrivateKey(privatePem)
  const pools = Array.from({ length: hosts }, (_, index) => new Pool(originOf(sink, index), { connections: 2 }))
  return async () => {
    let next = 0
    const sendAll = async () => {
      for (let index = next++; index < inboxes; index = next++) {
        const bytes = Buffer.from(body)
        const digest = `SHA-256=${createHash('sha256').update(bytes).digest('base64')}`
        const date = new Date().toUTCString()
        const path = `/users/${index}/inbox`
        const text = `(request-target): post ${path}\nhost: h.test\ndate: ${date}\ndigest: ${digest}`
        const signature = (await signAsync('sha256', Buffer.from(text), key)).toString('base64')
        const answer = await (pools[index % hosts] as Pool).request({
          method: 'POST',
          path,
          body: bytes,
          headers: {
            'content-type': 'application/activity+json',
            date,
            digest,
            signature: `keyId="k",algorithm="rsa-sha256",headers="(request-target) host date digest",signature="${signature}"`
          }
        })
        await answer.body.dump()
      }
    }
    await Promise.all(Array.from({ length: 64 }, sendAll))
  }
}

function fedifySender(sink: Sink, queue?: InProcessMessageQueue): () => Promise<void> {
  const federation = createFederation<void>({ kv: new MemoryKvStore(), allowPrivateAddress: true, ...(queue ? { queue } : {}) })
  federation.setActorDispatcher('/users/{identifier}', () => null)
  const origin = new URL('https://bench.test')
  let keys: Promise<CryptoKeyPair> | undefined
  return async () => {
    keys ??= crypto.subtle.generateKey(
      { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2_048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' },
      true,
      ['sign', 'verify']
    ) as Promise<CryptoKeyPair>
    const { privateKey } = await keys
    const context = federation.createContext(origin, undefined)
    const actor = new URL('https://bench.test/users/ana')
    const activity = new Create({
      id: new URL('https://bench.test/1#create'),
      actor,
      object: new Note({ id: new URL('https://bench.test/1'), attribution: actor, content: `<p>${'The tide is out. '.repeat(20)}</p>` })
    })
    const done = sink.after(inboxes)
    for (let at = 0; at < inboxes; at += 64) {
      const recipients = Array.from({ length: Math.min(64, inboxes - at) }, (_, place) => {
        const id = new URL(`${originOf(sink, at + place)}/users/${at + place}`)
        return { id, inboxId: new URL(`${id.href}/inbox`) }
      })
      await context.sendActivity([{ privateKey, keyId: new URL('https://bench.test/users/ana#main-key') }], recipients, activity, {
        immediate: queue === undefined
      })
    }
    await done
  }
}

export async function startSink(): Promise<Sink> {
  const child = fork(join(import.meta.dirname, 'sink.ts'))
  const wait = <K extends string, T>(kind: K, pick: (message: { kind: string; port: number; at: number }) => T) =>
    new Promise<T>((resolve) => {
      const listen = (message: unknown) => {
        const said = message as { kind: string; port: number; at: number }
        if (said.kind !== kind) return
        child.off('message', listen)
        resolve(pick(said))
      }
      child.on('message', listen)
    })
  const port = await wait('ready', (message) => message.port)
  return {
    port,
    after(count) {
      const done = wait('taken', (message) => message.at)
      child.send(count)
      return done
    },
    close: () => child.disconnect()
  }
}
