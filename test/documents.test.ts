// database: none
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const root = join(import.meta.dirname, '..')
const read = (name: string) => readFileSync(join(root, name), 'utf8')

test('ARCHITECTURE names every folder of the server', () => {
  const text = read('ARCHITECTURE.md')
  const folders = readdirSync(join(root, 'server'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const unnamed = folders.map(({ name }) => name).filter((name) => name !== 'launch' && !new RegExp(`(^|\\s)${name}/`, 'm').test(text))
  assert.deepEqual(unnamed, [])
})

test('DECISIONS says of every library that runs in the server why it is there', () => {
  const text = read('DECISIONS.md')
  const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> }
  // Node itself, and a part of Fedify that is pinned beside it.
  const isPlain = (name: string) => name === 'node' || name.startsWith('@fedify/')
  const unnamed = Object.keys(dependencies).filter(
    (name) => !isPlain(name) && !text.includes(name) && !text.includes(name.replace('@fastify/', ''))
  )
  assert.deepEqual(unnamed, [])
})

test('README names every variable of the environment that is read', () => {
  const text = read('README.md')
  const variables = [...read('server/config/settings.ts').matchAll(/env: '([A-Z_]+)'/g)].map(([, name]) => name!)
  assert.ok(variables.length > 10)
  assert.deepEqual(
    variables.filter((name) => !text.includes(name)),
    []
  )
})
