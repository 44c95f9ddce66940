import Fastify from 'fastify'
import { goal, measure, show } from '#test/bench/harness.ts'
import { fill, fillFollows } from '#test/bench/fill.ts'
import { startBenchInstance } from '#test/bench/instance.ts'
import { createPerson } from '#test/helpers/people.ts'

const sizes = { '1k': 1_000, '100k': 100_000, '1M': 1_000_000 }
const followedCounts = [10, 200, 2_500]
const readsPerRepeat = 40

/** The home page of 20 posts, signed in, against a constant answer of the same size from a bare Fastify. */
export async function home(): Promise<void> {
  const perSize: Record<string, Record<string, number>> = {}
  for (const [label, posts] of Object.entries(sizes)) {
    const bench = await startBenchInstance()
    const { active, dormant } = fill(bench.file, { authors: 6_000, posts, newestAt: bench.ctx.clock.now() - 60_000 })
    const cases = []
    const readers: [string, number[]][] = followedCounts.flatMap((count): [string, number[]][] => [
      [`${count} followed, active`, active.slice(0, count)],
      [`${count} followed, dormant`, dormant.slice(0, count)]
    ])
    let constant = ''
    for (const [place, [name, followed]] of readers.entries()) {
      const person = await createPerson(bench.ctx, bench.app, `reader${place}`, 'person')
      fillFollows(bench.file, [person.account.id], followed)
      constant = await person.page('/home')
      cases.push({ name, count: readsPerRepeat, run: () => person.page('/home') })
    }
    const bare = Fastify()
    bare.get('/home', (_request, reply) => reply.type('text/html; charset=utf-8').send(constant))
    await bare.ready()
    const floor = {
      name: `floor: constant page of ${(constant.length / 1_024).toFixed(0)} KiB`,
      count: readsPerRepeat,
      run: () => bare.inject('/home')
    }
    const results = await measure([floor, ...cases])
    show(`Home page, ${label} posts`, results)
    perSize[label] = Object.fromEntries(results.map((result) => [result.name, result.wallMs]))
    await bare.close()
    await bench.close()
  }
  for (const name of Object.keys(perSize['1k'] ?? {}).filter((each) => !each.startsWith('floor'))) {
    goal(`home p50 at 1M posts to 1k, ${name}`, (perSize['1M']?.[name] ?? Number.NaN) / (perSize['1k']?.[name] ?? Number.NaN), 1.5)
  }
}
