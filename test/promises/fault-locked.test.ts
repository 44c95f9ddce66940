import { test } from 'node:test'
import { dialectOfProcess } from '#db/dialect.ts'
import { lockDatabase } from '#test/promises/lock-sqlite.ts'

const skip = dialectOfProcess() === 'postgres' && 'on SQLite only'

test('a SQLite database that another process has locked: pages are answered, posts wait and are taken', { skip, timeout: 60_000 }, (t) =>
  lockDatabase(t, { lockedMs: 2_500, mayRefuse: false })
)
