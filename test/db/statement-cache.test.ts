import assert from 'node:assert/strict'
import { test } from 'node:test'
import BetterSqlite3 from 'better-sqlite3'
import { cacheStatements, withSteadyPlan } from '#db/dialects/sqlite/statement-cache.ts'

test('values are hidden from the planner wherever they decide about a plan, and nothing else is touched', () => {
  assert.equal(withSteadyPlan('select a from t where b = ? limit ?'), 'select a from t where b = coalesce(?, null) limit coalesce(?, null)')
  assert.equal(withSteadyPlan('update t set a = ? where b in (?)'), 'update t set a = coalesce(?, null) where b in (coalesce(?, null))')
  assert.equal(
    withSteadyPlan(`select '?', 'it''s ?', "?" from t -- ?\n where a = ?`),
    `select '?', 'it''s ?', "?" from t -- ?\n where a = coalesce(?, null)`
  )
  assert.equal(withSteadyPlan('insert into t values (?, ?)'), 'insert into t values (?, ?)')
})

test('a hidden value finds what it found, by the same index, of every type', () => {
  const db = new BetterSqlite3(':memory:')
  db.exec('create table t (id integer primary key, name text, at integer); create index t_name on t(name); create index t_at on t(at)')
  const cached = cacheStatements(db)
  for (let id = 1; id <= 50; id++) db.prepare('insert into t values (?, ?, ?)').run(id, `n${id}`, id % 7 === 0 ? null : id)
  const asked: [string, unknown[]][] = [
    ['select id from t where id = ?', [3]],
    ['select id from t where name = ?', ['n7']],
    ['select id from t where at = ?', [null]],
    ['select id from t where at > ? and at <= ? order by at limit ?', [10, 20, 5]],
    ['select id from t where id in (?, ?, ?)', [1, 2, 99]],
    ['with few as (select id from t where at < ?) select id from few', [4]]
  ]
  for (const [text, values] of asked) {
    assert.deepEqual(cached.prepare(text).all(...values), db.prepare(text).all(...values), text)
    const plan = (of: string) =>
      db
        .prepare(`explain query plan ${of}`)
        .all(...values)
        .map((row) => (row as { detail: string }).detail)
    assert.deepEqual(plan(withSteadyPlan(text)), plan(text), text)
  }
  db.close()
})

test('a statement is not compiled anew for another value', () => {
  const db = new BetterSqlite3(':memory:')
  db.exec('create table t (id integer primary key, a integer, b integer)')
  const columns = Array.from(
    { length: 60 },
    (_, place) => `(select count(*) from t t${place} where t${place}.id = t.id and t${place}.a = ?) as c${place}`
  )
  const text = `select ${columns.join(', ')} from t where b = ? limit ?`
  const values = [...columns.map(() => 1), 2, 3]
  const bare = db.prepare(text)
  const steady = db.prepare(withSteadyPlan(text))
  const best = (run: () => unknown) =>
    Math.min(
      ...Array.from({ length: 20 }, () => {
        const startedAt = performance.now()
        run()
        return performance.now() - startedAt
      })
    )
  assert.ok(best(() => steady.all(...values)) * 3 < best(() => bare.all(...values)), 'it takes a third of the time at most')
  db.close()
})
