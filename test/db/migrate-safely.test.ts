import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import pino from 'pino'
import type { Database } from '#db/database.ts'
import { migrateSafely } from '#server/platform/migrate-safely.ts'
import { createTestClock } from '#test/helpers/clock.ts'
import { openTestDatabase } from '#test/helpers/database.ts'
import { openScratch } from '#test/helpers/scratch.ts'

test('a copy is made before each migration that changes something, and only the newest few are kept', async (t) => {
  const dataDir = mkdtempSync(join(openScratch(), 'skerry-migrate-'))
  t.after(() => rmSync(dataDir, { recursive: true, force: true }))
  const { database } = await openTestDatabase(t)
  // A database that has one more migration to come, each time it is asked.
  const changing: Database = {
    ...database,
    async migrate({ beforeChange }) {
      await beforeChange()
      return { from: 1, to: 2 }
    }
  }
  const clock = createTestClock()
  for (let round = 0; round < 5; round++) {
    clock.advance(1_000)
    await migrateSafely(changing, { dataDir, clock, log: pino({ level: 'silent' }) })
  }
  assert.equal(readdirSync(join(dataDir, 'before-migration')).length, 3)
  await migrateSafely(database, { dataDir, clock, log: pino({ level: 'silent' }) })
  assert.equal(readdirSync(join(dataDir, 'before-migration')).length, 3, 'nothing to change, nothing to copy')
})
