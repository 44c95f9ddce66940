import process from 'node:process'

/** One thing to measure. `run` does it once; `count` says how often a repeat does it, and `atOnce` how many at a time (one by itself). */
export interface Case {
  name: string
  count: number
  atOnce?: number
  run(index: number): Promise<unknown>
}

export interface Result {
  name: string
  /** Milliseconds of wall time per operation, median over the repeats of each repeat's median; of those at once, their time together by their number. */
  wallMs: number
  /** Milliseconds of CPU (all threads of this process, and of a database server it started) per operation, median over the repeats. */
  cpuMs: number
  /** Half the range of the repeats' CPU, as a share of the median. */
  spread: number
  repeats: number
}

const repeatsByDefault = 5
/**
 * Rounds that are not counted: a server is warm for nearly all its life, and so is the floor it is held against. With one round alone half of what was
 * counted was compiled while it ran, which favoured whatever has more code (Fedify least, the floor most).
 */
export const warmUps = 3

let serverCpuMs: () => number = () => 0

/** What a server that works for this process has used since it began counts as the process's own. */
export function countCpuOf(cpuMs: () => number): void {
  serverCpuMs = cpuMs
}

/** Runs all cases in turn, and that several times over, so that whatever else the machine does falls on all of them alike. */
export async function measure(cases: Case[], repeats = repeatsByDefault): Promise<Result[]> {
  const samples = cases.map(() => ({ wall: [] as number[], cpu: [] as number[] }))
  for (let repeat = -warmUps; repeat < repeats; repeat++) {
    for (const [place, each] of cases.entries()) {
      const { wallMs, cpuMs } = await once(each, repeat + warmUps)
      if (repeat < 0) continue
      samples[place]?.wall.push(wallMs)
      samples[place]?.cpu.push(cpuMs)
    }
  }
  return cases.map(({ name }, place) => {
    const { wall, cpu } = samples[place] as (typeof samples)[number]
    const cpuMs = median(cpu)
    return { name, wallMs: median(wall), cpuMs, spread: (Math.max(...cpu) - Math.min(...cpu)) / 2 / cpuMs, repeats }
  })
}

async function once({ count, run, atOnce = 1 }: Case, round: number): Promise<{ wallMs: number; cpuMs: number }> {
  globalThis.gc?.()
  const walls: number[] = []
  const serverBefore = serverCpuMs()
  const before = process.cpuUsage()
  for (let index = 0; index < count; index += atOnce) {
    const startedAt = performance.now()
    if (atOnce === 1) await run(round * count + index)
    else await Promise.all(Array.from({ length: Math.min(atOnce, count - index) }, (_, place) => run(round * count + index + place)))
    walls.push((performance.now() - startedAt) / atOnce)
  }
  const { user, system } = process.cpuUsage(before)
  return { wallMs: median(walls), cpuMs: ((user + system) / 1_000 + serverCpuMs() - serverBefore) / count }
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** Prints results as a table; ratios are of CPU, to the case that the title names as floor (the first). */
export function show(title: string, results: Result[], floor = results[0]): void {
  console.log(`\n${title}`)
  const width = Math.max(...results.map((result) => result.name.length))
  for (const { name, wallMs, cpuMs, spread } of results) {
    const ratio = floor ? `${(cpuMs / floor.cpuMs).toFixed(2).padStart(7)} x floor` : ''
    console.log(
      `  ${name.padEnd(width)}  wall p50 ${format(wallMs)}  CPU ${format(cpuMs)} ± ${(spread * 100).toFixed(0).padStart(2)} %  ${ratio}`
    )
  }
}

const goals: { text: string; isMet: boolean }[] = []

/** Holds a ratio against the goal that the project set itself, and remembers the verdict for the summary. */
export function goal(text: string, ratio: number, most: number): void {
  const isMet = ratio <= most
  goals.push({ text: `${text}: ${ratio.toFixed(2)} (at most ${most})`, isMet })
}

export function showGoals(): void {
  console.log('\nGoals')
  for (const { text, isMet } of goals) console.log(`  ${isMet ? 'met   ' : 'MISSED'}  ${text}`)
}

function format(ms: number): string {
  return ms >= 1 ? `${ms.toFixed(2).padStart(8)} ms` : `${(ms * 1_000).toFixed(1).padStart(8)} µs`
}
