import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { dialectOfProcess } from '#db/dialect.ts'
import { createGroupCommit, type GroupConnection } from '#db/dialects/sqlite/group-commit.ts'
import { prepare, type Tx } from '#db/reader.ts'
import { settings } from '#db/schema/moderation.ts'
import { until } from '#test/flows/processes.ts'
import { openTestDatabase } from '#test/helpers/database.ts'

const insert = prepare((tx: Tx) => tx.insert(settings).values({ key: sql.placeholder('key'), value: 1 as never, updatedAt: 1 }))

class Rollback extends Error {}

/** A connection that only notes what is asked of it; `fail` makes one statement throw. */
function recorded(fail?: string, { endsTransaction = false } = {}) {
  const said: string[] = []
  let isOpen = false
  const connection: GroupConnection = {
    async begin() {
      said.push('BEGIN')
      isOpen = true
    },
    run(statement) {
      said.push(statement)
      if (statement === fail) {
        if (endsTransaction) isOpen = false
        throw new Error(`${statement} failed`)
      }
      if (statement === 'COMMIT' || statement === 'ROLLBACK') isOpen = false
    },
    get isOpen() {
      return isOpen
    }
  }
  return { said, connection }
}

const never = () => false

test('what comes at once shares one commit, and nobody is answered before it', async () => {
  const { said, connection } = recorded()
  const group = createGroupCommit(connection, never)
  const answers = await Promise.all(
    [1, 2, 3].map(async (number) => {
      const value = await group.run(async () => number)
      assert.equal(said.at(-1), 'COMMIT')
      return value
    })
  )
  assert.deepEqual(answers, [1, 2, 3])
  assert.equal(said.filter((statement) => statement === 'COMMIT').length, 1)
  await group.run(async () => 4)
  assert.equal(said.filter((statement) => statement === 'COMMIT').length, 2)
})

test('a commit holds a bounded number of bodies', async () => {
  const { said, connection } = recorded()
  const group = createGroupCommit(connection, never)
  await Promise.all(Array.from({ length: 100 }, () => group.run(async () => {})))
  assert.ok(said.filter((statement) => statement === 'COMMIT').length >= 4)
})

test('one that fails takes back its own work alone, and is told after the commit too', async () => {
  const { said, connection } = recorded()
  const group = createGroupCommit(connection, never)
  const outcomes = await Promise.allSettled([
    group.run(async () => 'first'),
    group
      .run(async () => {
        throw new Rollback()
      })
      .catch((error: unknown) => {
        assert.equal(said.at(-1), 'COMMIT')
        throw error
      }),
    group.run(async () => 'third')
  ])
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled']
  )
  assert.equal(said.filter((statement) => statement === 'ROLLBACK TO body').length, 1)
})

test('a commit that fails fails everybody in it, each with a reason, and the next begins anew', async () => {
  const { said, connection } = recorded('COMMIT')
  const group = createGroupCommit(connection, never)
  const refused = group.run(async () => {
    throw new Rollback()
  })
  const others = [1, 2].map((number) => group.run(async () => number))
  await assert.rejects(refused, Rollback)
  for (const other of others) await assert.rejects(other, /COMMIT failed/)
  assert.equal(said.at(-1), 'ROLLBACK')
  await assert.rejects(
    group.run(async () => 3),
    /COMMIT failed/
  )
  await group.settled()
})

test('a transaction that SQLite gives up underway fails those before it as well', async () => {
  const { connection } = recorded('RELEASE body', { endsTransaction: true })
  const group = createGroupCommit(connection, never)
  const both = await Promise.allSettled([group.run(async () => 1), group.run(async () => 2)])
  assert.deepEqual(
    both.map(({ status }) => status),
    ['rejected', 'rejected']
  )
})

test('a body is run again, alone, when that may help', async () => {
  const { connection } = recorded()
  const group = createGroupCommit(connection, (error, tries) => error instanceof Rollback && tries < 3)
  const runs: string[] = []
  const values = await Promise.all([
    group.run(async () => runs.push('a')),
    group.run(async (tries) => {
      runs.push(`b${tries}`)
      if (tries < 3) throw new Rollback()
      return tries
    })
  ])
  assert.deepEqual(runs, ['a', 'b1', 'b2', 'b3'])
  assert.equal(values[1], 3)
})

test('of many at once the failed leave nothing, the others everything, and no other connection sees a part', async (t) => {
  const { database, again } = await openTestDatabase(t)
  const other = await again()
  const seen = new Set<number>()
  let isOver = false
  const watching = (async () => {
    while (!isOver) {
      seen.add(await other.reader.$count(settings))
      await turn()
    }
  })()
  const outcomes = await Promise.allSettled(
    Array.from({ length: 24 }, (_, number) =>
      database.transact(async (tx) => {
        await insert(tx, { key: `a${number}` })
        await turn()
        await insert(tx, { key: `b${number}` })
        if (number % 3 === 0) throw new Rollback()
        if (number % 3 === 1) await insert(tx, { key: `a${number}` })
      })
    )
  )
  isOver = true
  await watching
  for (const [number, { status }] of outcomes.entries())
    assert.equal(status, number % 3 === 2 ? 'fulfilled' : 'rejected', `number ${number}`)
  assert.equal(await database.reader.$count(settings), 16)
  for (const count of seen) assert.equal(count % 2, 0, 'pairs only')
})

test('each hears of its own signals once the commit is made, and a failed one sends none', async (t) => {
  const { database } = await openTestDatabase(t)
  const heard: string[] = []
  database.onSignal((topic) => void heard.push(topic))
  // PostgreSQL's signals come over a connection that says `*` once it listens.
  const hears = (count: number) => async () => heard.length >= count
  if (dialectOfProcess() === 'postgres') await until('the listener', hears(1))
  await Promise.allSettled(
    [0, 1, 2].map((number) =>
      database.transact(async (tx) => {
        await insert(tx, { key: `k${number}` })
        tx.signal(`topic ${number}`)
        if (number === 1) throw new Rollback()
      })
    )
  )
  await until('two signals', hears(dialectOfProcess() === 'postgres' ? 3 : 2))
  // On PostgreSQL a process hears of its own changes at once, and once more from the server.
  const ours = new Set(heard.filter((topic) => topic.startsWith('topic')))
  assert.deepEqual([...ours].sort(), ['topic 0', 'topic 2'])
})
