import { test } from 'node:test'
import { dialectOfProcess } from '#db/dialect.ts'
import { lockDatabase } from '#test/promises/lock-sqlite.ts'

const skip = dialectOfProcess() === 'postgres' && 'on SQLite only'

test('a SQLite database that is locked for 9 s: posts wait and are taken', { skip }, (t) =>
  lockDatabase(t, { lockedMs: 9_000, mayRefuse: false })
)

test('a SQLite database that is locked for 16 s: posts are refused as what passes, none stays without an answer', { skip }, (t) =>
  lockDatabase(t, { lockedMs: 16_000, mayRefuse: true })
)
