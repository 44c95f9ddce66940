import { goal, measure } from '#test/bench/harness.ts'
import { type Populated, populated } from '#test/bench/populated.ts'

const sizes = { few: 1_000, many: 1_000_000 } as const
const readsPerRepeat = 12
const mostOfPages = 1.5
const mostOfSearch = 3

/** Every page that somebody signed in reads of a day, and those of a guest, among a thousand posts and among a million. */
export async function pages(): Promise<void> {
  const [few, many] = [await populated(sizes.few), await populated(sizes.many)]
  const names = Object.keys(few.paths)
  const cases = names.flatMap((name) => [few, many].map((one) => ({ name, count: readsPerRepeat, run: () => read(one, name) })))
  const cpu = await measure(cases)
  console.log(`\nPages, CPU a page among ${sizes.few} posts and among ${sizes.many}`)
  const width = Math.max(...names.map((name) => name.length))
  for (const [place, name] of names.entries()) {
    const [small, large] = [cpu[place * 2]!, cpu[place * 2 + 1]!]
    const ratio = large.cpuMs / small.cpuMs
    console.log(
      `  ${name.padEnd(width)}  ${kibOf(few, name)} KiB ${kibOf(many, name)} KiB  ${small.cpuMs.toFixed(2).padStart(7)} ms ${large.cpuMs.toFixed(2).padStart(8)} ms  ${ratio.toFixed(2).padStart(6)} x`
    )
    goal(`CPU of a page at 1M posts to 1k, ${name}`, ratio, name.startsWith('search') ? mostOfSearch : mostOfPages)
  }
  await few.bench.close()
  await many.bench.close()
}

async function read({ bench, cookie, paths, bytes }: Populated, name: string): Promise<void> {
  const url = paths[name]!
  const headers = { host: 'bench.test', accept: 'text/html', ...(name.startsWith('guest') ? {} : { cookie }) }
  const answer = await bench.app.inject({ url, headers })
  if (answer.statusCode !== 200) throw new Error(`${url} answered ${answer.statusCode}: ${answer.payload.slice(0, 300)}`)
  bytes.set(name, answer.rawPayload.length)
}

function kibOf({ bytes }: Populated, name: string): string {
  return String(Math.round((bytes.get(name) ?? 0) / 1_024)).padStart(4)
}
