import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import type { Database } from '#db/database.ts'
import type { Tx } from '#db/reader.ts'
import { jobs, schedules } from '#db/schema/jobs.ts'
import { attempts } from '#db/schema/sign-in.ts'
import { enqueue, type NewJob } from '#server/jobs/enqueue.ts'
import { Hopeless } from '#server/jobs/job-run.ts'
import { leaseJobs, leaseMs, renewJobs } from '#server/jobs/lease-jobs.ts'
import type { JobHandler } from '#server/jobs/worker.ts'
import { createTestClock } from '#test/helpers/clock.ts'
import { openTestDatabase } from '#test/helpers/database.ts'
import { workerOver } from '#test/helpers/jobs.ts'

async function start(t: TestContext, handlers: Record<string, JobHandler>) {
  const clock = createTestClock()
  const { database } = await openTestDatabase(t, { now: clock.now })
  const { worker, ctx } = workerOver(database, clock, handlers)
  const add = (...all: NewJob[]) => database.transact(async (tx) => void (await inTurn(all, (job) => enqueue(tx, job))))
  return { clock, database, worker, ctx, add }
}

async function inTurn<T>(items: T[], run: (item: T) => Promise<unknown>) {
  for (const item of items) await run(item)
}

const left = (database: Database) => database.reader.$count(jobs)

async function effect(tx: Tx, key: string) {
  await tx
    .insert(attempts)
    .values({ key, count: 1, windowEndsAt: 0 })
    .onConflictDoUpdate({ target: attempts.key, set: { count: sql`${attempts.count} + 1` } })
}

async function effects(database: Database) {
  return Object.fromEntries((await database.reader.select().from(attempts)).map((row) => [row.key, row.count]))
}

test('a job runs once and is gone; one of a transaction rolled back never was', async (t) => {
  const ran: number[] = []
  const { database, worker, add } = await start(t, { note: async (_ctx, input: { n: number }) => void ran.push(input.n) })
  await add({ kind: 'note', input: { n: 1 } })
  await assert.rejects(
    database.transact(async (tx) => {
      await enqueue(tx, { kind: 'note', input: { n: 2 } })
      throw new Error('no')
    })
  )
  await worker.drain()
  assert.deepEqual(ran, [1])
  assert.equal(await left(database), 0)
})

test('a failing job comes back after a growing wait, keeps its error, and ends as a dead letter while others go on', async (t) => {
  let tries = 0
  const ran: string[] = []
  const { clock, database, worker, add } = await start(t, {
    poison: async () => {
      tries++
      throw new Error('it is poisoned')
    },
    fine: async () => void ran.push('fine')
  })
  await add({ kind: 'poison', input: {} }, { kind: 'fine', input: {} })
  await worker.drain()
  assert.equal(tries, 1)
  assert.deepEqual(ran, ['fine'])
  clock.advance(20_000)
  await worker.drain()
  assert.equal(tries, 1, 'not before its wait is over')
  clock.advance(20_000)
  await worker.drain()
  assert.equal(tries, 2)
  for (let day = 0; day < 30; day++) {
    clock.advance(36 * 3_600_000)
    await worker.drain()
  }
  const [row] = await database.reader.select().from(jobs)
  assert.ok(row?.deadAt)
  assert.match(row.lastError ?? '', /it is poisoned/)
  assert.equal(tries, 15)
})

test('a hopeless job is a dead letter at once', async (t) => {
  const { database, worker, add } = await start(t, {
    hopeless: async () => {
      throw new Hopeless('never')
    }
  })
  await add({ kind: 'hopeless', input: {} }, { kind: 'unheard of', input: {} })
  await worker.drain()
  const rows = await database.reader.select({ deadAt: jobs.deadAt }).from(jobs)
  assert.equal(rows.length, 2)
  assert.ok(rows.every((row) => row.deadAt !== null))
})

test('jobs of one order key run one after another in their order, also past a failure; others do not wait', async (t) => {
  const ran: string[] = []
  let fails = 1
  const { clock, worker, add } = await start(t, {
    step: async (_ctx, input: { name: string }) => {
      if (input.name === 'a1' && fails-- > 0) throw new Error('not yet')
      await sleep(5)
      ran.push(input.name)
    }
  })
  await add(...['a1', 'a2', 'b1', 'a3'].map((name) => ({ kind: 'step', input: { name }, orderKey: name[0] })))
  await worker.drain()
  assert.deepEqual(ran, ['b1'])
  clock.advance(60_000)
  await worker.drain()
  assert.deepEqual(ran, ['b1', 'a1', 'a2', 'a3'])
})

test('an effect written with finish happens once, though its first worker lost the lease', async (t) => {
  let hold: () => void = () => {}
  const held = new Promise<void>((resolve) => {
    hold = resolve
  })
  let isFirst = true
  const handler: JobHandler = async (ctx, _input, job) => {
    if (isFirst) {
      isFirst = false
      await held
    }
    await ctx.transact(async (tx) => {
      await effect(tx, 'e')
      await job.finish(tx)
    })
  }
  const { clock, database, worker, add } = await start(t, { slow: handler })
  const { worker: second } = workerOver(database, clock, { slow: handler })
  await add({ kind: 'slow', input: {} })
  const first = worker.drain()
  await sleep(50)
  clock.advance(leaseMs + 1_000)
  await second.drain()
  hold()
  await first
  assert.deepEqual(await effects(database), { e: 1 })
  assert.equal(await left(database), 0)
})

test('a lease is kept for as long again by its worker, and by nobody else', async (t) => {
  const { clock, database, add } = await start(t, { work: async () => {} })
  await add({ kind: 'work', input: {} })
  const lease = () => database.transact((tx) => leaseJobs(tx, 'quick', 10))
  const [job] = await lease()
  assert.ok(job)
  clock.advance(leaseMs - 1_000)
  await database.transact((tx) => renewJobs(tx, [job]))
  clock.advance(leaseMs - 1_000)
  assert.deepEqual(await lease(), [], 'it was renewed')
  await database.transact((tx) => renewJobs(tx, [{ ...job, lease: job.lease + 1 }]))
  clock.advance(2_000)
  assert.equal((await lease()).length, 1, 'another lease renews nothing')
})

test('two workers share a queue without doing anything twice', async (t) => {
  const handler: JobHandler = async (ctx, input: { n: number }, job) => {
    await ctx.transact(async (tx) => {
      await effect(tx, `e${input.n}`)
      await job.finish(tx)
    })
  }
  const { clock, database, worker, add } = await start(t, { work: handler })
  const { worker: second } = workerOver(database, clock, { work: handler })
  await add(...Array.from({ length: 60 }, (_, n) => ({ kind: 'work', input: { n } })))
  await Promise.all([worker.drain(), second.drain()])
  const all = await effects(database)
  assert.equal(Object.keys(all).length, 60)
  assert.ok(Object.values(all).every((count) => count === 1))
})

test('a once key keeps one job waiting', async (t) => {
  const { database, add } = await start(t, {})
  await add({ kind: 'x', input: {}, onceKey: 'k' }, { kind: 'x', input: {}, onceKey: 'k' })
  assert.equal(await left(database), 1)
})

test('a started worker takes up new work within its poll, and stop waits for what runs', async (t) => {
  const ended: string[] = []
  const { worker, add } = await start(t, {
    slow: async () => {
      await sleep(150)
      ended.push('slow')
    }
  })
  worker.start()
  await add({ kind: 'slow', input: {} })
  await sleep(60)
  await worker.stop(2_000)
  assert.deepEqual(ended, ['slow'])
})

test('a schedule runs once a turn, however many processes look', async (t) => {
  const clock = createTestClock()
  const { database } = await openTestDatabase(t, { now: clock.now })
  let runs = 0
  const hourly = [{ name: 'hourly', everyMs: 3_600_000, run: async () => void runs++ }]
  const { runDueSchedules } = await import('#server/jobs/schedules.ts')
  const { worker, ctx } = workerOver(database, clock, {}, hourly)
  const turn = async () => {
    await Promise.all([runDueSchedules(ctx, hourly), runDueSchedules(ctx, hourly)])
    await worker.drain()
  }
  await turn()
  await turn()
  assert.equal(runs, 1)
  clock.advance(5 * 3_600_000)
  await turn()
  assert.equal(runs, 2)
  assert.equal(await database.reader.$count(schedules), 1)
})
