import { clientAlone } from '#test/bench/floors.ts'
import { type Case, goal, measure, median, show, warmUps } from '#test/bench/harness.ts'
import { type Bench, crowd, type Signed, toSkerry } from '#test/bench/inbox.ts'

const perRepeat = 400
const rounds = 5 + warmUps
/** Most CPU that a hostile request may take before it is refused. */
const hostileMsMax = 20
/** So many hostile requests come beside so many good ones, one of them for each three. */
const besideGood = 150
const actorUri = 'https://far.test/users/ben'

interface Parts {
  good(index: number): Signed
  signed(body: Buffer): Signed
  floor(signed: Signed): Promise<void>
  /** The same request to a Fastify that does nothing. */
  door(signed: Signed): Promise<void>
  /** Lets time pass, so that no rate comes into play. */
  pass(): void
}

/** What is passed over or refused: deletes of actors nobody knows, and bodies made to hurt. */
export async function hostile(bench: Bench, parts: Parts): Promise<void> {
  await deleteStorm(bench, parts)
  await hostileBodies(bench, parts)
}

async function deleteStorm(bench: Bench, { signed, floor, door: bareDoor }: Parts): Promise<void> {
  for (const [how, atOnce, from] of [
    ['one by one', 1, 0],
    [`${crowd} at once`, crowd, perRepeat * rounds]
  ] as const) {
    const deletes = Array.from({ length: perRepeat * rounds }, (_, index) => {
      const uri = `https://gone${from + index}.test/users/x`
      const activity = { '@context': 'https://www.w3.org/ns/activitystreams', id: `${uri}#delete`, type: 'Delete', actor: uri, object: uri }
      return signed(Buffer.from(JSON.stringify(activity)))
    })
    const of = { count: perRepeat, atOnce }
    const results = await measure([
      { ...of, name: 'floor: parse, digest, verify', run: (index) => floor(deletes[index] as Signed) },
      { ...of, name: 'Skerry, Delete of somebody unknown', run: (index) => toSkerry(bench, deletes[index] as Signed) },
      { ...of, name: 'the test client alone', run: (index) => clientAlone(deletes[index] as Signed) },
      { ...of, name: 'a Fastify that does nothing, by the same client', run: (index) => bareDoor(deletes[index] as Signed) }
    ])
    show(`Inbox, a storm of deletes, ${how}`, results)
    const [bare, ours, client, door] = results.map(({ cpuMs }) => cpuMs) as [number, number, number, number]
    goal(
      `CPU of an unknown Delete, ${how}, to the crypto floor, without what a bare Fastify and the test client take`,
      (ours - door) / bare,
      3
    )
    goal(`CPU of an unknown Delete, ${how}, to the crypto floor, without what the test client takes`, (ours - client) / bare, 3)
    console.log(`  With what the test client takes: ${(ours / bare).toFixed(2)} x the floor`)
  }
}

async function hostileBodies(bench: Bench, { good, signed, pass }: Parts): Promise<void> {
  const bodies = bodiesOf()
  const requests: [string, Signed, number][] = [
    ...bodies.map(([name, body]): [string, Signed, number] => [`${name} (${Math.round(body.length / 1_000)} kB)`, signed(body), 400]),
    ['a signature that fits no key, whose actor is away', forged(good(9_000_000)), 503],
    ['15 signatures in one header', manySignatures(good(9_000_001)), 401],
    ['unsigned, 400 deep', unsigned(bodies[0]?.[1] ?? Buffer.alloc(0)), 401]
  ]
  const cases: Case[] = requests.map(([name, request, status]) => ({ name, count: 10, run: () => refused(bench, request, status) }))
  const results = await measure(cases)
  show('Inbox, hostile requests', results)
  for (const { name, cpuMs } of results) goal(`ms of CPU of a hostile request: ${name}`, cpuMs, hostileMsMax)

  const alone: number[] = []
  const beside: number[] = []
  let next = 10_000_000
  for (let round = -1; round < rounds; round++) {
    for (const [kind, times] of [
      ['alone', alone],
      ['beside', beside]
    ] as const) {
      for (let index = 0; index < besideGood; index++) {
        pass()
        const request = good(next++)
        const bad = index % 3 === 0 && kind === 'beside' ? requests[(index / 3) % requests.length] : undefined
        const hurting = bad ? refused(bench, bad[1], bad[2]) : undefined
        const from = performance.now()
        await toSkerry(bench, request)
        if (round >= 0) times.push(performance.now() - from)
        await hurting
      }
    }
  }
  console.log(
    `\nGood requests take ${median(alone).toFixed(2)} ms at the median alone, ${median(beside).toFixed(2)} ms with a hostile one for every third`
  )
  goal('time of good requests beside hostile ones to that alone, on average', mean(beside) / mean(alone), 1.5)
}

async function refused({ app }: Bench, { headers, body }: Signed, status: number): Promise<void> {
  const answer = await app.inject({ method: 'POST', url: '/inbox', headers, payload: body })
  if (answer.statusCode !== status) throw new Error(`A hostile request was answered ${answer.statusCode} and not ${status}: ${answer.body}`)
}

/** Each says that a known actor sends it; what is wrong with it is in its shape. */
function bodiesOf(): [string, Buffer][] {
  const start = `{"@context":"https://www.w3.org/ns/activitystreams","id":"https://far.test/x","type":"Create","actor":"${actorUri}","object":`
  const deep = `${start}${'{"a":'.repeat(400)}1${'}'.repeat(400)}}`
  const wide = `${start}{${Array.from({ length: 70_000 }, (_, index) => `"k${index}":1`).join(',')}}}`
  const list = `${start}[${'1,'.repeat(400_000)}1]}`
  const escapes = `${start}"${'\\u0041'.repeat(160_000)}"`
  const twice = `${start}{${'"a":1,'.repeat(4_000)}"b":1}}`
  const quotes = `${start}"${'\\\\'.repeat(480_000)}`
  return [
    ['nested 400 deep', deep],
    ['70,000 keys', wide],
    ['400,000 values', list],
    ['escapes, cut off', escapes],
    ['one key said 4,000 times', twice],
    ['backslashes, cut off', quotes]
  ].map(([name, text]) => [name as string, Buffer.from(text as string)])
}

function forged(request: Signed): Signed {
  const signature = String(request.headers.signature ?? request.headers.Signature)
  const broken = signature.replace(/signature="(.)/, (_all, first: string) => `signature="${first === 'A' ? 'B' : 'A'}`)
  return { body: request.body, headers: { ...withoutSignature(request.headers), signature: broken } }
}

function manySignatures(request: Signed): Signed {
  const signature = String(request.headers.signature ?? request.headers.Signature)
  return {
    body: request.body,
    headers: { ...withoutSignature(request.headers), signature: Array.from({ length: 15 }, () => signature).join(',') }
  }
}

function unsigned(body: Buffer): Signed {
  return { body, headers: { host: 'bench.test', 'content-type': 'application/activity+json', date: new Date().toUTCString() } }
}

function withoutSignature(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'signature'))
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
