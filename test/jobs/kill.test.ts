import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { dialectOfProcess } from '#db/dialect.ts'
import { openDatabase } from '#db/open.ts'
import { jobs } from '#db/schema/jobs.ts'
import { attempts, invites } from '#db/schema/sign-in.ts'
import { openScratch } from '#test/helpers/scratch.ts'

/** KILL_ROUNDS asks for more, as it does of the long tests of promises. */
const rounds = Number(process.env.KILL_ROUNDS ?? 4)
const firstAckMs = 15_000

test('a process killed at any instant loses nothing it acknowledged and repeats no effect', async (t) => {
  const dir = mkdtempSync(join(openScratch(), 'skerry-kill-'))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  const file = join(dir, 'kill.sqlite')
  const isPostgres = dialectOfProcess() === 'postgres'
  const url = isPostgres ? await (await import('#test/helpers/postgres.ts')).createTestDatabase(t) : ''
  const database = await openDatabase(
    { sqliteFile: file, postgresUrl: url },
    { now: Date.now, newId: () => 0, react: async () => {} },
    () => {}
  )
  await database.migrate({ beforeChange: async () => {} })

  const acknowledged: number[] = []
  // Each round's clock is beyond the leases of the one before.
  const argumentsOf = (round: number, what: string) => [
    '--import',
    './test/helpers/quick-imports.ts',
    ...(isPostgres ? ['--import', './db/dialects/postgres/choose.ts'] : []),
    'test/jobs/kill-child.ts',
    file,
    url,
    String(round * 300_000),
    what
  ]
  for (let round = 0; round < rounds; round++) {
    const child = spawn(process.execPath, argumentsOf(round, String(round * 100_000)), { stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = new Promise((resolve) => child.on('close', resolve))
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
    for (let waited = 0; text === '' && child.exitCode === null && waited < firstAckMs; waited += 10) await sleep(10)
    await sleep(10 + Math.random() * 120)
    child.kill('SIGKILL')
    await ended
    const lines = text
      .slice(0, text.lastIndexOf('\n') + 1)
      .split('\n')
      .filter(Boolean)
      .map(Number)
    assert.ok(lines.length > 0, 'each round acknowledges something')
    acknowledged.push(...lines)
  }
  const drained = spawnSync(process.execPath, argumentsOf(rounds + 1, 'drain'), { encoding: 'utf8' })
  assert.equal(drained.status, 0, drained.stderr)

  const written = new Set((await database.reader.select({ code: invites.code }).from(invites)).map((row) => Number(row.code.split(' ')[1])))
  const effects = await database.reader.select().from(attempts)
  const jobsLeft = await database.reader.$count(jobs)
  await database.close()
  assert.deepEqual(
    acknowledged.filter((n) => !written.has(n)),
    [],
    'acknowledged and lost'
  )
  assert.deepEqual(
    effects.filter((row) => row.count !== 1),
    [],
    'repeated'
  )
  assert.deepEqual(new Set(effects.map((row) => Number(row.key.split(' ')[1]))), written, 'every write had its effect')
  assert.equal(jobsLeft, 0)
})
