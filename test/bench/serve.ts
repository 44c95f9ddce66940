import { eq } from 'drizzle-orm'
import { users } from '#db/schema/sign-in.ts'
import { publishPost } from '#server/posts/publish-post.ts'
import { goal, median } from '#test/bench/harness.ts'
import { startBenchInstance } from '#test/bench/instance.ts'
import { constantServer, listen, load, type LoadSample } from '#test/bench/load.ts'
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
    const constant = await constantServer(path, asPeer, answer.body)
    const floor = { name: `constant Fastify answer of ${answer.body.length} bytes`, port: constant.port, path }
    const ours = { name: `Skerry, ${name}`, port, path }
    await compare(name, floor, ours)
    await constant.close()
  }
  await bench.close()
}

async function compare(name: string, floor: Target, ours: Target): Promise<void> {
  const samples = new Map<Target, LoadSample[]>([
    [floor, []],
    [ours, []]
  ])
  for (let round = -1; round < rounds; round += 1) {
    for (const target of [floor, ours]) {
      const sample = await load({ ...target, headers: { accept: asPeer }, connections, roundMs })
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
