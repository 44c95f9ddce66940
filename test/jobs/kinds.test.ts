// database: none
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { wiring } from '#server/wiring.ts'

const root = join(import.meta.dirname, '../..')

test('whatever is written as a job has somebody who does it, and nobody waits for jobs that nobody writes', () => {
  const written = new Set<string>()
  const sources = globSync('server/**/*.ts', { cwd: root }).map((path) => readFileSync(join(root, path), 'utf8'))
  // A kind stands as it is, or under a name that some file gives it.
  const named = new Map(
    sources.flatMap((source) => [...source.matchAll(/\bconst (\w+) = '([a-z]+-[a-z-]+)'/g)].map(([, name, kind]) => [name, kind]))
  )
  for (const source of sources) {
    if (!/\bNewJob\b|\benqueue\(/.test(source)) continue
    for (const [, kind, name] of source.matchAll(/(?:fetchJob\(|\bkind: )(?:'([a-z]+-[a-z-]+)'|(\w+)\b)/g)) {
      const found = kind ?? named.get(name)
      if (found !== undefined) written.add(found)
    }
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
