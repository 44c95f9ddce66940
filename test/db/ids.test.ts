// database: none
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createIds, timeOfId } from '#server/platform/ids.ts'
import { createRandom } from '#server/platform/random.ts'

const now = Date.UTC(2026, 10, 23)

test('ids of one process rise strictly, even within a millisecond, and stay whole numbers of 53 bits', () => {
  const newId = createIds({ now: () => now }, createRandom())
  let last = 0
  for (let count = 0; count < 10_000; count++) {
    const id = newId()
    assert.ok(id > last && Number.isSafeInteger(id))
    last = id
  }
})

test('ids rise when the clock jumps back', () => {
  let time = now
  const newId = createIds({ now: () => time }, createRandom())
  const first = newId()
  time -= 3_600_000
  assert.ok(newId() > first)
})

test('the id of something dated follows its date, never into the future and never below zero', () => {
  const newId = createIds({ now: () => now }, createRandom())
  const dated = Date.UTC(2020, 0, 1)
  assert.equal(timeOfId(newId(dated)), dated)
  assert.ok(timeOfId(newId(now + 86_400_000)) <= now + 1)
  assert.ok(newId(Date.UTC(1970, 0, 1)) >= 0)
  assert.ok(newId(Date.UTC(1970, 0, 1)) < 4_096)
})

test('each collision steps further aside from the date', () => {
  const newId = createIds({ now: () => now }, createRandom())
  const dated = Date.UTC(2020, 0, 1)
  const spread = (tries: number) => new Set(Array.from({ length: 200 }, () => timeOfId(newId(dated, tries)))).size
  assert.equal(spread(1), 1)
  assert.ok(spread(2) > 5)
  assert.ok(spread(4) > spread(2))
})
