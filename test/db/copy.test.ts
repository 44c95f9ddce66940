import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { copyFileName, readCopy } from '#db/copies.ts'
import { dialectOfProcess } from '#db/dialect.ts'
import { settings } from '#db/schema/moderation.ts'
import { attempts } from '#db/schema/sign-in.ts'
import { openTestDatabase } from '#test/helpers/database.ts'

const copyMs = 15_000

test('a copy is finished and whole however busily others write', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'skerry-copy-'))
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
