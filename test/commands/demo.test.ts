// database: none
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { openBrowser } from '#server/commands/demo/browser.ts'
import { textOf } from '#test/helpers/html.ts'
import { findFreePorts, startProcess } from '#test/helpers/programs.ts'
import { openScratch } from '#test/helpers/scratch.ts'

const demoDirs = () => readdirSync(openScratch()).filter((name) => name.startsWith('skerry-demo-'))

test('the demo shows two instances that federate, and Ctrl-C leaves nothing behind', async (t) => {
  const before = demoDirs()
  const port = await findFreePorts(2)
  const demo = startProcess(t, 'server/commands/demo.ts', ['--port', String(port)], {})
  await demo.heard(/Ctrl-C/)
  const [red, blue] = [`http://red.localhost:${port}`, `http://blue.localhost:${port + 1}`]
  assert.match(demo.said(), new RegExp(red))
  assert.match(demo.said(), new RegExp(blue))
  const password = /Password of everybody: (.+)/.exec(demo.said())![1]!

  const ana = openBrowser(red)
  await ana.submit('/sign-in', '/sign-in', { login: 'ana', password })
  const told = textOf(await ana.page('/notifications'))
  assert.match(told, /@bo@blue\.localhost/, 'who answered her lives on the other instance')
  assert.match(told, /I bring the bucket/)
  assert.match(told, /boosted or reacted to your post/)
  assert.match(told, /follows? you/)
  const bo = openBrowser(blue)
  await bo.submit('/sign-in', '/sign-in', { login: 'bo', password })
  assert.match(textOf(await bo.page('/home')), /Low water at noon/)

  demo.child.kill('SIGINT')
  const { code } = await demo.ended
  assert.equal(code, 0)
  assert.deepEqual(demoDirs(), before)
  await assert.rejects(ana.page('/'), 'nobody serves any more')
})
