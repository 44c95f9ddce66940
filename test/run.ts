/**
 * Runs the tests: `npm test`, `npm test -- test/web sign-in.test.ts --name "signs out"`, `npm run test:long`.
 * Each file runs on SQLite and again on PostgreSQL, except those that have no database; TEST_DATABASE=sqlite or postgres asks for one.
 */
import { globSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { run } from 'node:test'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { type Database, type Job, planJobs } from '#test/helpers/plan-jobs.ts'
import { startPostgres } from '#test/helpers/postgres-server.ts'
import { type Counts, report } from '#test/helpers/report.ts'
import { openScratch } from '#test/helpers/scratch.ts'

/** A test that takes longer than this has failed. */
const testMinutesMax = { short: 5, long: 120 }
/** A process has several tests; one that still runs after so many times the minutes of one waits for what never comes, and is killed. */
const processFactor = 3
const root = join(import.meta.dirname, '..')
const deadline = join(root, 'test/helpers/deadline.ts')
const quickImports = pathToFileURL(join(root, 'test/helpers/quick-imports.ts')).href
const choosePostgres = join(root, 'db/dialects/postgres/choose.ts')
const { values: options, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: { long: { type: 'boolean', default: false }, name: { type: 'string' } }
})

process.exitCode = await runAll()

async function runAll(): Promise<number> {
  const files = findFiles()
  if (files.length === 0) {
    console.error(`No test file fits ${wanted.join(' ')}.`)
    return 1
  }
  const startedAt = performance.now()
  const total: Counts = { passed: 0, failed: 0, skipped: 0 }
  await withScratch(async (scratch, ending) => {
    const only = process.env.TEST_DATABASE as Database | undefined
    const jobs = planJobs(files, { root, scratch, only, isShared: wanted.length === 0 && !options.long })
    if (files.some((file) => /helpers\/browser/.test(readFileSync(file, 'utf8')))) await unpackBrowser()
    const needsPostgres = jobs.some(({ database }) => database === 'postgres')
    await (needsPostgres ? withPostgres : (work: () => Promise<void>) => work())(() => runJobs(jobs, total, ending))
  })
  const seconds = Math.round((performance.now() - startedAt) / 1000)
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : ''
  console.log(`\n${total.passed} passed, ${total.failed} failed${skipped} in ${seconds} s`)
  return total.failed > 0 || total.passed === 0 ? 1 : 0
}

function findFiles(): string[] {
  const all = globSync(options.long ? 'test/**/*.long.ts' : 'test/**/*.test.ts', { cwd: root }).sort()
  // Long files may be asked for by name at any time.
  const asked = wanted.flatMap((part) => (part.endsWith('.long.ts') ? [relative(root, resolve(root, part))] : []))
  const found = wanted.length === 0 ? all : all.filter((file) => wanted.some((part) => file.includes(part.replace(/^\.\//, ''))))
  return [...new Set([...found, ...asked])].map((file) => join(root, file))
}

/** As many at once as there are cores, whichever database they are for: none idles before the last has begun. */
async function runJobs(jobs: Job[], total: Counts, ending: AbortSignal): Promise<void> {
  const waiting = [...jobs]
  async function work(): Promise<void> {
    for (let job = waiting.shift(); job && !ending.aborted; job = waiting.shift()) {
      const counts = await runJob(job, ending)
      for (const key of ['passed', 'failed', 'skipped'] as const) total[key] += counts[key]
    }
  }
  await Promise.all(Array.from({ length: options.long ? 1 : availableParallelism() }, work))
}

function runJob({ file, title, database }: Job, ending: AbortSignal): Promise<Counts> {
  const timeoutMs = 60_000 * (file.endsWith('.long.ts') ? testMinutesMax.long : testMinutesMax.short)
  return report(
    run({
      files: [file],
      concurrency: 1,
      timeout: timeoutMs,
      env: { ...process.env, TEST_DATABASE: database, TEST_FILE_DEADLINE_MS: String(processFactor * timeoutMs) },
      execArgv: ['--import', quickImports, '--import', deadline, ...(database === 'postgres' ? ['--import', choosePostgres] : [])],
      testNamePatterns: options.name,
      signal: ending,
      cwd: root
    }),
    { root, title }
  )
}

async function withPostgres(work: () => Promise<void>): Promise<void> {
  if (process.env.TEST_POSTGRES_URL) return work()
  const server = await startPostgres()
  process.env.TEST_POSTGRES_URL = server.url
  try {
    await work()
  } finally {
    delete process.env.TEST_POSTGRES_URL
    await server.stop()
  }
}

/** Once and beforehand: two processes that unpack the browser into one place at the same time hinder each other. */
async function unpackBrowser(): Promise<void> {
  const { default: chromium } = await import('@sparticuz/chromium')
  await chromium.executablePath()
}

/** Gives the tests a temporary directory of this run's own, which goes with it whatever they leave behind; so do they, when this run is told to end. */
async function withScratch(work: (scratch: string, ending: AbortSignal) => Promise<void>): Promise<void> {
  const scratch = openScratch()
  // What npm scripts have anyway: compiled once, read by every later process, those that tests start included.
  process.env.NODE_COMPILE_CACHE ??= join(root, 'node_modules/.cache/compiled')
  const ending = new AbortController()
  let told: NodeJS.Signals | undefined
  const onSignal = (signal: NodeJS.Signals) => {
    told = signal
    ending.abort()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, onSignal)
  try {
    await work(scratch, ending.signal)
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 })
    if (told) process.kill(process.pid, told)
  }
}
