// database: none
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { wiring } from '#server/wiring.ts'

const root = join(import.meta.dirname, '../..')

test('whatever is written as a job has somebody who does it, and nobody waits for jobs that nobody writes', () => {
  const written = new Set<string>()
  for (const path of globSync('server/**/*.ts', { cwd: root })) {
    const source = readFileSync(join(root, path), 'utf8')
    if (!/\bNewJob\b|\benqueue\(/.test(source)) continue
    for (const [, kind] of source.matchAll(/(?:fetchJob\(|\bkind: )'([a-z]+-[a-z-]+)'/g)) if (kind !== undefined) written.add(kind)
  }
  const known = Object.keys(wiring.jobs)
  assert.deepEqual(
    [...written].filter((kind) => !known.includes(kind)),
    []
  )
  // Those of relays stand in a table of their own, and mails are named by what they say.
  const isWritten = (kind: string) => written.has(kind) || kind.endsWith('-relayed') || kind.startsWith('mail: ')
  assert.deepEqual(
    known.filter((kind) => !isWritten(kind)),
    []
  )
})
