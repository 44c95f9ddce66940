import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { median } from '#test/bench/harness.ts'
import { freePort } from '#test/helpers/free-port.ts'
import { openScratch } from '#test/helpers/scratch.ts'

const repeats = 5
const idleMs = 3_000

/** Cold start until the first answered page, on an empty and on an existing database, and the memory of an idle instance. */
export async function start(): Promise<void> {
  const dir = mkdtempSync(join(openScratch(), 'skerry-bench-start-'))
  const firstMs: number[] = []
  const laterMs: number[] = []
  const idleMiB: number[] = []
  const bareMs: number[] = []
  for (let repeat = 0; repeat < repeats; repeat++) {
    const dataDir = join(dir, String(repeat))
    firstMs.push((await run(dataDir)).readyMs)
    const later = await run(dataDir, idleMs)
    laterMs.push(later.readyMs)
    idleMiB.push(later.memoryMiB)
    bareMs.push((await run(dataDir, 0, ['--eval', bareServer])).readyMs)
  }
  rmSync(dir, { recursive: true, force: true })
  console.log('\nStart')
  console.log(`  cold start, empty database     ${median(firstMs).toFixed(0)} ms`)
  console.log(
    `  cold start, existing database  ${median(laterMs).toFixed(0)} ms   ${(median(laterMs) / median(bareMs)).toFixed(2)} x a bare Fastify (${median(bareMs).toFixed(0)} ms)`
  )
  console.log(`  idle memory (RSS)              ${median(idleMiB).toFixed(0)} MiB`)
}

const bareServer = `const app = require('fastify')(); app.get('/livez', () => 'ok'); app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })`

async function run(dataDir: string, staysMs = 0, program = ['server/main.ts']): Promise<{ readyMs: number; memoryMiB: number }> {
  const port = await freePort()
  const startedAt = performance.now()
  const child = spawn(process.execPath, program, {
    env: { ...process.env, ORIGIN: 'http://bench.localhost', PORT: String(port), DATA_DIR: dataDir, LOG_LEVEL: 'error' },
    stdio: 'ignore'
  })
  const ended = new Promise((resolve) => child.on('exit', resolve))
  try {
    while (!(await isReady(port))) {
      if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode} before it answered.`)
      await sleep(5)
    }
    const readyMs = performance.now() - startedAt
    await sleep(staysMs)
    const memoryKiB = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]
    return { readyMs, memoryMiB: Number(memoryKiB) / 1_024 }
  } finally {
    child.kill('SIGTERM')
    await ended
  }
}

async function isReady(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/livez`)).ok
  } catch {
    return false
  }
}
