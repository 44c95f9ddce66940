import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { gunzipSync, gzipSync } from 'node:zlib'
import { copyFileName, loadCopy, readCopy } from '#db/copies.ts'
import { dialectOfProcess } from '#db/dialect.ts'
import { settings } from '#db/schema/moderation.ts'
import { attempts } from '#db/schema/sign-in.ts'
import { openTestDatabase } from '#test/helpers/database.ts'
import { openScratch } from '#test/helpers/scratch.ts'

const copyMs = 15_000

test('a copy is finished and whole however busily others write', async (t) => {
  const dir = mkdtempSync(join(openScratch(), 'skerry-copy-'))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  const { database, again } = await openTestDatabase(t)
  const value = 'x'.repeat(100_000)
  await database.transact(async (tx) => {
    for (let n = 0; n < 100; n++) await tx.insert(settings).values({ key: `filler ${n}`, value, updatedAt: 0 })
  })
  const other = await again()
  let isRunning = true
  let written = 0
  const writing = (async () => {
    while (isRunning) {
      await other.transact(async (tx) => void (await tx.insert(attempts).values({ key: String(written++), count: 1, windowEndsAt: 0 })))
      await new Promise((done) => setImmediate(done))
    }
  })()
  const file = join(dir, copyFileName())
  const inTime = await Promise.race([database.copyTo(file).then(() => true), wait(copyMs, false, { ref: false })])
  isRunning = false
  await writing
  assert.ok(inTime, `a copy of 10 MB took more than ${copyMs} ms`)
  const { rows, migrations } = await readCopy(file)
  const name = (table: string) => (dialectOfProcess() === 'postgres' ? `public.${table}` : table)
  assert.equal(rows[name('settings')], 100)
  assert.ok(rows[name('attempts')]! <= written)
  assert.ok(migrations.length > 0)
})

test('a copy that somebody wrote statements into is not loaded', { skip: dialectOfProcess() !== 'postgres' }, async (t) => {
  const dir = mkdtempSync(join(openScratch(), 'skerry-copy-'))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  const { database } = await openTestDatabase(t)
  await database.transact(async (tx) => tx.insert(settings).values({ key: 'one', value: 'x', updatedAt: 0 }))
  const file = join(dir, copyFileName())
  await database.copyTo(file)
  const lines = gunzipSync(readFileSync(file)).toString().split('\n')
  const { createEmptyDatabase } = await import('#test/helpers/postgres.ts')
  const forge = async (change: (table: { schema: string; types: string[] }) => void) => {
    const forged = lines.map((line) => {
      if (!line.startsWith('{"table"') || !line.includes('"settings"')) return line
      const said = JSON.parse(line)
      change(said.table)
      return JSON.stringify(said)
    })
    writeFileSync(file, gzipSync(forged.join('\n')))
    const place = { sqliteFile: '', postgresUrl: await createEmptyDatabase(t) }
    return loadCopy(file, place, { asideDir: dir, finish: async () => {} })
  }
  const statement = 'text), (select pg_sleep(0)::text'
  await assert.rejects(
    forge(({ types }) => void (types[0] = statement)),
    { name: 'SchemaError', message: /names a table or a type/ }
  )
  await assert.rejects(
    forge((table) => void (table.schema = 'pg_catalog')),
    { name: 'SchemaError' }
  )
  await forge(() => {})
})
