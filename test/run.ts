/**
 * Runs the tests: `npm test`, `npm test -- test/web sign-in.test.ts --name "signs out"`, `npm run test:long`.
 * Each file runs on SQLite and again on PostgreSQL, except those that have no database; TEST_DATABASE=sqlite or postgres asks for one.
 */
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { run } from 'node:test'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { fastDirectory } from '#test/helpers/fast-directory.ts'
import { startPostgres } from '#test/helpers/postgres-server.ts'
import { type Counts, report } from '#test/helpers/report.ts'

/** A test that takes longer than this has failed; its process gets a little more to clean up before it is killed. */
const testMinutesMax = { short: 5, long: 120 }
const graceMs = 15_000
const root = join(import.meta.dirname, '..')
const filesPerProcess = 9
const keepsAlone =
  /child_process|helpers\/(browser|processes)|flows\/processes|promises\/|memoryUsage|architecture|worker_threads|process\.(on|env)\b|web\/(bad-input|crawler)\//
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
  const only = process.env.TEST_DATABASE
  const isFree = (file: string) =>
    file.includes('/test/platform/') || /database: none/.test(readFileSync(file, 'utf8').split('\n', 1)[0] ?? '')
  const bound = files.filter((file) => !isFree(file))
  const startedAt = performance.now()
  const total: Counts = { passed: 0, failed: 0, skipped: 0 }
  const add = (counts: Counts) => {
    for (const key of ['passed', 'failed', 'skipped'] as const) total[key] += counts[key]
  }
  await withScratch(async () => {
    if (files.some((file) => /helpers\/browser/.test(readFileSync(file, 'utf8')))) await unpackBrowser()
    if (only !== 'postgres') add(await runOn('sqlite', files))
    if (only !== 'sqlite' && bound.length > 0) {
      await withPostgres(async () => add(await runOn('postgres', bound)))
    }
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

function runOn(database: 'sqlite' | 'postgres', files: string[]): Promise<Counts> {
  console.log(`\n${database === 'sqlite' ? 'SQLite' : 'PostgreSQL'}: ${files.length} files`)
  // Test processes inherit the environment of this one.
  process.env.TEST_DATABASE = database
  const timeoutMs = 60_000 * (files.some((file) => file.endsWith('.long.ts')) ? testMinutesMax.long : testMinutesMax.short)
  process.env.TEST_FILE_DEADLINE_MS = String(timeoutMs + graceMs)
  return report(
    run({
      files: wanted.length === 0 && !options.long ? sharing(files) : files,
      concurrency: options.long ? 1 : availableParallelism(),
      timeout: timeoutMs,
      execArgv: ['--import', quickImports, '--import', deadline, ...(database === 'postgres' ? ['--import', choosePostgres] : [])],
      testNamePatterns: options.name,
      cwd: root
    }),
    root
  )
}

/**
 * Files share a process by the few, as one file that imports them: loading the code costs more than most of them take. Those that start
 * processes or a browser, look at the memory of their own, or walk the whole site stay alone; they take longest, and come first.
 */
function sharing(files: string[]): string[] {
  const sources = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]))
  const alone = files.filter((file) => keepsAlone.test(sources.get(file)!))
  const others = files.filter((file) => !alone.includes(file))
  const shares = Array.from({ length: Math.ceil(others.length / filesPerProcess) }, () => ({ tests: 0, files: [] as string[] }))
  // The largest first, each to whoever has least: so all take about as long, and none is still at work when the others are done.
  const sized = others.map((file) => ({ file, tests: sources.get(file)!.match(/\btest\(/g)?.length ?? 1 }))
  for (const { file, tests } of sized.sort((one, other) => other.tests - one.tests)) {
    const smallest = shares.reduce((least, share) => (share.tests < least.tests ? share : least))
    smallest.tests += tests
    smallest.files.push(file)
  }
  return [...alone, ...shares.map(({ files: together }, at) => sharedBy(together, at + 1))]
}

function sharedBy(files: string[], number: number): string {
  const path = join(process.env.TMPDIR ?? root, `shared-${number}.test.ts`)
  writeFileSync(path, files.map((file) => `import ${JSON.stringify(pathToFileURL(file).href)}\n`).join(''))
  return path
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

/** Gives the tests a temporary directory of this run's own, which goes with it whatever they leave behind. */
async function withScratch(work: () => Promise<void>): Promise<void> {
  const scratch = mkdtempSync(join(fastDirectory(), 'skerry-tests-'))
  process.env.TMPDIR = scratch
  // What npm scripts have anyway: compiled once, read by every later process, those that tests start included.
  process.env.NODE_COMPILE_CACHE ??= join(root, 'node_modules/.cache/compiled')
  const removeNow = () => rmSync(scratch, { recursive: true, force: true, maxRetries: 5 })
  const onSignal = (signal: NodeJS.Signals) => {
    removeNow()
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
    process.kill(process.pid, signal)
  }
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  try {
    await work()
  } finally {
    removeNow()
  }
}
