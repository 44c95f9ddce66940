// database: none
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { loadAssets } from '#server/web/assets.ts'
import { openScratch } from '#test/helpers/scratch.ts'

function folderOf(t: TestContext, files: Record<string, string>): string {
  const dir = mkdtempSync(join(openScratch(), 'skerry-assets-'))
  t.after(() => rmSync(dir, { recursive: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text)
  return dir
}

test('scripts name each other by addresses that change with what they bring', (t) => {
  const entry = "import { a } from './a.js'\nimport('./b.js').then(a)\n"
  const one = loadAssets(folderOf(t, { 'entry.js': entry, 'a.js': "export * from './b.js'\n", 'b.js': 'export const b = 1\n' }))
  const text = one.find(one.paths['entry.js']!)!.body.toString()
  assert.equal(text, `import { a } from '${one.paths['a.js']}'\nimport('${one.paths['b.js']}').then(a)\n`)
  const other = loadAssets(folderOf(t, { 'entry.js': entry, 'a.js': "export * from './b.js'\n", 'b.js': 'export const b = 2\n' }))
  for (const name of ['entry.js', 'a.js', 'b.js']) assert.notEqual(one.paths[name], other.paths[name], name)
})

test('comments and indentation stay with the source', (t) => {
  const source = "// Why.\n\n/**\n * What.\n */\nexport function f() {\n  // How.\n  return 'a // b /* c */'\n}\n"
  const assets = loadAssets(folderOf(t, { 'f.js': source }))
  assert.equal(assets.find(assets.paths['f.js']!)!.body.toString(), "export function f() {\nreturn 'a // b /* c */'\n}\n")
})

test('a script that imports what is not there, or goes in a circle, stops the start', (t) => {
  assert.throws(() => loadAssets(folderOf(t, { 'a.js': "import './gone.js'\n" })), /a\.js imports \.\/gone\.js, which is not there/)
  assert.throws(() => loadAssets(folderOf(t, { 'a.js': "import './b.js'\n", 'b.js': "import './a.js'\n" })), /imports itself/)
})
