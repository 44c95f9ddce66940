// database: none
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { known } from '#test/attacks/list.ts'

const ids = Object.values(known).flatMap((area) => Object.keys(area))

/** Ids that stand where the name of a test stands: first in a text in quotes, or joined there by "and". */
function idsTested(source: string): string[] {
  const names = source.matchAll(/['"`]((?:[A-Z]{3}-\d{2})(?:(?: and |, )[A-Z]{3}-\d{2})*)(?=[:'"` ])/g)
  return [...names].flatMap(([, name = '']) => name.split(/ and |, /))
}

test('every known attack has a test that names it, and every test names a known one', () => {
  const folder = import.meta.dirname
  const tested = new Set(globSync('*.test.ts', { cwd: folder }).flatMap((file) => idsTested(readFileSync(join(folder, file), 'utf8'))))
  assert.deepEqual(
    ids.filter((id) => !tested.has(id)),
    [],
    'without a test'
  )
  const areas = new Set(ids.map((id) => id.slice(0, 3)))
  assert.deepEqual(
    [...tested].filter((id) => areas.has(id.slice(0, 3)) && !ids.includes(id)),
    [],
    'not in the list'
  )
  assert.equal(ids.length, new Set(ids).size)
  // A test that says nothing, or an id in passing, is none.
  assert.deepEqual(idsTested("test('SIG-01: and then SIG-02', () => { /* SIG-03 */ })"), ['SIG-01'])
})
