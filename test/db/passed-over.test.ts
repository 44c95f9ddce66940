import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { getTableColumns, is } from 'drizzle-orm'
import { PgTable } from 'drizzle-orm/pg-core'
import { SQLiteTable } from 'drizzle-orm/sqlite-core'
import * as schema from '#db/schema/all.ts'
import { jobs } from '#db/schema/jobs.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { openTestDatabase } from '#test/helpers/database.ts'

const root = join(import.meta.dirname, '../..')

/** Where an index cannot be named, since there are two or it has a condition: these look afterwards what stood in the way, and say IdTaken. */
const looksAfterwards = ['server/emoji/add-emoji.ts', 'server/jobs/enqueue.ts', 'server/posts/boost-post.ts']

/** Tables whose rows are known by an id that is drawn, and may be another row's. */
const drawn = new Set(
  Object.entries(schema).flatMap(([name, each]) => {
    if (!is(each, SQLiteTable) && !is(each, PgTable)) return []
    return (getTableColumns(each as SQLiteTable).id as { primary?: boolean } | undefined)?.primary ? [name] : []
  })
)

/** Inserts of a source that pass over a conflict of any kind, a drawn id's as well, by their tables. */
function passedOver(source: string): string[] {
  const inserts = source.split(/\.insert\(/).slice(1)
  return inserts.flatMap((insert) => {
    const name = /^\w+/.exec(insert)?.[0] ?? ''
    const isAny = /\.onConflictDoNothing\(\s*\)/.test(insert)
    return isAny && drawn.has(name) ? [name] : []
  })
}

test('an insert that passes conflicts over names what its row is once by, so that an id met by chance loses nothing', () => {
  const found = globSync(['server/**/*.ts', 'db/**/*.ts'], { cwd: root }).flatMap((file) => {
    const source = readFileSync(join(root, file), 'utf8')
    return passedOver(source).length === 0 || (looksAfterwards.includes(file) && source.includes('throw new IdTaken()')) ? [] : [file]
  })
  assert.deepEqual(found, [])
  assert.deepEqual(passedOver('tx.insert(bookmarks).values({ id }).onConflictDoNothing().returning()'), ['bookmarks'])
  assert.deepEqual(passedOver('tx.insert(bookmarks).values({ id }).onConflictDoNothing({ target: [bookmarks.postId] })'), [])
  assert.deepEqual(passedOver('tx.insert(receipts).values({ hash }).onConflictDoNothing()'), [])
})

test('a job that may wait once is written though its first id is taken, and is not written twice', async (t) => {
  const { database } = await openTestDatabase(t, { newId: (_at, tries = 1) => tries })
  const enqueued = (onceKey: string) => database.transact((tx) => enqueue(tx, { kind: 'ask', input: {}, onceKey }))
  assert.deepEqual([await enqueued('one'), await enqueued('two'), await enqueued('one'), await enqueued('two')], [true, true, false, false])
  const rows = await database.reader.select({ id: jobs.id, onceKey: jobs.onceKey }).from(jobs).orderBy(jobs.id)
  assert.deepEqual(rows, [
    { id: 1, onceKey: 'one' },
    { id: 2, onceKey: 'two' }
  ])
})
