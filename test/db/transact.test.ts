import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { eq, sql } from 'drizzle-orm'
import { prepare, type Reader, type Tx } from '#db/reader.ts'
import { settings } from '#db/schema/moderation.ts'
import { openTestDatabase } from '#test/helpers/database.ts'

const storedValue = prepare((db: Reader) =>
  db
    .select({ value: settings.value })
    .from(settings)
    .where(eq(settings.key, sql.placeholder('key')))
)
const preparedInsert = prepare((tx: Tx) =>
  tx.insert(settings).values({ key: sql.placeholder('key'), value: sql.placeholder('value') as never, updatedAt: 1 })
)
const preparedUpdate = prepare((tx: Tx) =>
  tx
    .update(settings)
    .set({ updatedAt: sql`${sql.placeholder('at')}` })
    .where(eq(settings.key, sql.placeholder('key')))
)
const preparedDelete = prepare((tx: Tx) => tx.delete(settings).where(eq(settings.key, sql.placeholder('key'))))

class Rollback extends Error {}

/** Every way there is to write: built on the spot and prepared. */
const writes: Record<string, (tx: Tx) => Promise<unknown>> = {
  'insert built on the spot': async (tx) => await tx.insert(settings).values({ key: 'new', value: 1, updatedAt: 1 }),
  'insert with returning': async (tx) => await tx.insert(settings).values({ key: 'new', value: 1, updatedAt: 1 }).returning(),
  upsert: async (tx) =>
    await tx
      .insert(settings)
      .values({ key: 'old', value: 2, updatedAt: 2 })
      .onConflictDoUpdate({ target: settings.key, set: { updatedAt: 2 } }),
  'update built on the spot': async (tx) => await tx.update(settings).set({ updatedAt: 2 }).where(eq(settings.key, 'old')),
  'delete built on the spot': async (tx) => await tx.delete(settings).where(eq(settings.key, 'old')),
  'prepared insert': (tx) => preparedInsert(tx, { key: 'new', value: 1 }),
  'prepared update': (tx) => preparedUpdate(tx, { key: 'old', at: 2 }),
  'prepared delete': (tx) => preparedDelete(tx, { key: 'old' })
}

for (const [name, write] of Object.entries(writes)) {
  test(`a rolled-back ${name} leaves nothing behind, and a committed one stays`, async (t) => {
    const { database } = await openTestDatabase(t)
    await database.transact(async (tx) => void (await tx.insert(settings).values({ key: 'old', value: 1, updatedAt: 1 })))
    // Twice: a statement prepared in an earlier transaction must not slip out of a later one.
    for (let round = 0; round < 2; round++) {
      await assert.rejects(
        database.transact(async (tx) => {
          await write(tx)
          assert.notDeepEqual(await stateOf(tx), before, 'inside, the write shows')
          throw new Rollback()
        }),
        Rollback
      )
      assert.deepEqual(await stateOf(database.reader), before)
    }
    await database.transact(write)
    assert.notDeepEqual(await stateOf(database.reader), before)
  })
}

const before = [{ key: 'old', updatedAt: 1 }]

async function stateOf(db: Reader) {
  return await db.select({ key: settings.key, updatedAt: settings.updatedAt }).from(settings).orderBy(settings.key)
}

test('writes made beside each other all survive, though bodies await in between', async (t) => {
  const { database } = await openTestDatabase(t)
  await Promise.all(
    Array.from({ length: 40 }, (_, number) =>
      database
        .transact(async (tx) => {
          await tx.insert(settings).values({ key: `k${number}`, value: number, updatedAt: 1 })
          await sleep(number % 3)
          if (number % 4 === 0) throw new Rollback()
        })
        .catch((error: unknown) => assert.ok(error instanceof Rollback))
    )
  )
  assert.equal(await database.reader.$count(settings), 30)
})

test('a transaction inside a transaction throws at once', async (t) => {
  const { database } = await openTestDatabase(t)
  await database.transact(async () => {
    await assert.rejects(
      database.transact(async () => {}),
      /transact inside transact/
    )
  })
  await database.transact(async () => {})
})

test('the reader cannot write, not even by a hand-written query', async (t) => {
  const { database } = await openTestDatabase(t)
  await assert.rejects(database.reader.rows(sql`insert into settings (key, value, updated_at) values ('x', '1', 1) returning key`))
  assert.equal('insert' in database.reader, false)
})

test('a prepared query answers with the types of its columns on every connection', async (t) => {
  const { database } = await openTestDatabase(t)
  await database.transact(async (tx) => {
    await tx.insert(settings).values({ key: 'a', value: { list: [1, 'two'], isTrue: true }, updatedAt: 1_900_000_000_000 })
    assert.deepEqual(await storedValue(tx, { key: 'a' }), [{ value: { list: [1, 'two'], isTrue: true } }])
  })
  assert.deepEqual(await storedValue(database.reader, { key: 'a' }), [{ value: { list: [1, 'two'], isTrue: true } }])
})

test('what a transaction signals is heard after its commit, here and in another process, and never after a rollback', async (t) => {
  const { database, again } = await openTestDatabase(t)
  const other = await again()
  const heardHere: string[] = []
  const heardThere: string[] = []
  database.onSignal((topic) => void heardHere.push(topic))
  other.onSignal((topic) => void heardThere.push(topic))
  await sleep(100)
  heardHere.length = heardThere.length = 0
  await assert.rejects(
    database.transact(async (tx) => {
      tx.signal('never')
      throw new Rollback()
    }),
    Rollback
  )
  await database.transact(async (tx) => {
    await tx.insert(settings).values({ key: 'a', value: 1, updatedAt: 1 })
    tx.signal('things')
    assert.ok(!heardHere.includes('things'))
  })
  assert.ok(heardHere.includes('things'), 'this process has heard when the write is answered')
  for (let waited = 0; waited < 1_000 && !(heardHere.includes('things') && heardThere.length > 0); waited += 20) await sleep(20)
  assert.ok(heardHere.includes('things'))
  assert.ok(heardThere.includes('things') || heardThere.includes('*'))
  assert.ok(!heardHere.includes('never'))
})

test('two ids drawn alike make the body run again with others', async (t) => {
  let draws = 0
  const { database } = await openTestDatabase(t, { newId: () => [7, 7, 8][draws++] ?? 9 })
  const { invites } = await import('#db/schema/sign-in.ts')
  for (const code of ['a', 'b']) {
    await database.transact(async (tx) => {
      await tx.insert(invites).values({ id: tx.newId(), code, createdBy: 1, usesLeft: 1, createdAt: 1 })
    })
  }
  const rows = await database.reader.select({ id: invites.id }).from(invites).orderBy(invites.id)
  assert.deepEqual(
    rows.map((row) => row.id),
    [7, 8]
  )
})

test('a schema newer than the code is refused', async (t) => {
  const { database, again } = await openTestDatabase(t)
  const { dialectOfProcess } = await import('#db/dialect.ts')
  const journal = sql.raw(dialectOfProcess() === 'postgres' ? 'drizzle.__drizzle_migrations' : '__drizzle_migrations')
  await database.transact(async (tx) => {
    await tx.rows(sql`insert into ${journal} (hash, created_at) values ('later', 99999999999999) returning hash`)
  })
  const later = await again()
  await assert.rejects(later.migrate({ beforeChange: async () => {} }), /newer version/)
})
