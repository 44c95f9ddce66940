import { createApp } from '#server/app.ts'
import { createRenderer } from '#server/web/render.ts'
import { fill, fillFollows } from '#test/bench/fill.ts'
import { goal, measure, median, show } from '#test/bench/harness.ts'
import { startBenchInstance } from '#test/bench/instance.ts'
import { constantServer, listen, load } from '#test/bench/load.ts'
import { signedInCookie } from '#test/bench/sign-in.ts'
import { createPerson } from '#test/helpers/people.ts'
import { viewsDir } from '#test/helpers/views.ts'

const sizes = { '1k': 1_000, '1M': 1_000_000 }
const followedCounts = [10, 200, 2_500]
const readsPerRepeat = 40
const connections = 4
const roundMs = 1_000
const rounds = 7
const path = '/home'
/** A constant answer at so many times its CPU: as drawn each time, and with posts that stand drawn. */
const mostDrawn = 10
const mostKept = 6

/** The home page of 40 posts, signed in: over real connections against a constant answer of the same bytes, and by how many posts there are. */
export async function home(): Promise<void> {
  const perSize: Record<string, Record<string, number>> = {}
  for (const [label, posts] of Object.entries(sizes)) {
    const bench = await startBenchInstance()
    const { active, dormant } = await fill(bench.place, { authors: 6_000, posts, newestAt: bench.ctx.clock.now() - 60_000 })
    const cases = []
    const readers: [string, number[]][] = followedCounts.flatMap((count): [string, number[]][] => [
      [`${count} followed, active`, active.slice(0, count)],
      [`${count} followed, dormant`, dormant.slice(0, count)]
    ])
    for (const [place, [name, followed]] of readers.entries()) {
      const person = await createPerson(bench.ctx, bench.app, `reader${place}`, 'person')
      await fillFollows(bench.place, [person.account.id], followed)
      const headers = { accept: 'text/html', cookie: await signedInCookie(bench.ctx, person.account.id) }
      cases.push({
        name,
        headers,
        count: readsPerRepeat,
        run: () => bench.app.inject({ url: path, headers: { host: 'bench.test', ...headers } })
      })
    }
    const usual = cases[2]!
    const results = await measure(cases)
    show(`Home page by inject, ${label} posts`, results)
    perSize[label] = Object.fromEntries(results.map((result) => [result.name, result.cpuMs]))
    await againstConstant(bench, usual.headers, `${label} posts, ${usual.name}`)
    await bench.close()
  }
  for (const name of Object.keys(perSize['1k'] ?? {}))
    goal(`home at 1M posts to 1k, ${name}`, (perSize['1M']?.[name] ?? Number.NaN) / (perSize['1k']?.[name] ?? Number.NaN), 1.5)
}

/** CPU of the thread that serves, per answer: the constant, the page with nothing kept, and the page as people get it. */
async function againstConstant(
  bench: Awaited<ReturnType<typeof startBenchInstance>>,
  headers: Record<string, string>,
  label: string
): Promise<void> {
  const { ctx } = bench
  const renderer = createRenderer({ viewsDir, messages: ctx.messages, isDev: false, fragmentBytesMax: 0, secret: ctx.random.token() })
  const drawing = await createApp(ctx, renderer)
  const page = await bench.app.inject({ url: path, headers: { host: 'bench.test', ...headers } })
  const posts = page.body.match(/<article/g)?.length
  if (page.statusCode !== 200 || posts !== 40) throw new Error(`${path} answered ${page.statusCode} with ${posts} posts.`)
  const constant = await constantServer(path, 'text/html', page.body)
  const targets = { constant: constant.port, drawn: await listen(drawing), kept: await listen(bench.app) }
  const cpuMs: Record<string, number[]> = { constant: [], drawn: [], kept: [] }
  for (let round = -2; round < rounds; round += 1) {
    for (const [name, port] of Object.entries(targets)) {
      const sample = await load({ port, path, headers, connections, roundMs })
      if (round >= 0) cpuMs[name]!.push(sample.cpuMs)
    }
  }
  console.log(`\nHome page of 40 posts over a connection (${Math.round(page.rawPayload.length / 1_024)} KiB), ${label}`)
  for (const [name, samples] of Object.entries(cpuMs)) console.log(`  ${name.padEnd(8)}  CPU ${median(samples).toFixed(3)} ms`)
  const times = (name: string) => median(cpuMs[name]!.map((ms, round) => ms / cpuMs.constant![round]!))
  goal(`home page to a constant answer, drawn each time, ${label}`, times('drawn'), mostDrawn)
  goal(`home page to a constant answer, posts kept drawn, ${label}`, times('kept'), mostKept)
  await constant.close()
  await drawing.close()
}
