import assert from 'node:assert/strict'
import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { startInstance } from '#test/helpers/instance.ts'
import { write } from '#test/federation/acts.ts'

/** Live updates say something at least this often; see server/web/live/tell.ts. */
const beatMs = 20_000

test('DOS-02: whoever asks and takes nothing of the answer is let go, and nothing is held for them', { timeout: 60_000 }, async (t) => {
  const instance = await startInstance(t)
  const { server } = instance.app
  assert.ok(server.timeout > beatMs && server.timeout <= 120_000, `${server.timeout} ms`)
  for (let at = 0; at < 30; at++) await write(instance, 'alice', `${at} ${'word '.repeat(800)}`)
  // The time that is tried here is shorter than the one that holds.
  server.setTimeout(1_000)
  const { port } = server.address() as AddressInfo
  const ask = `GET /local HTTP/1.1\r\nhost: ${instance.config.host}\r\naccept: text/html\r\n\r\n`
  const idle = Array.from({ length: 2 }, () => {
    const socket = connect(port, '127.0.0.1').pause()
    socket.on('error', () => undefined)
    // Some 20 MB: more than fits between here and there, so that the rest waits in this process.
    socket.write(ask.repeat(150))
    return socket
  })
  t.after(() => {
    for (const socket of idle) socket.destroy()
  })
  const open = () =>
    new Promise<number>((resolve, reject) => server.getConnections((error, count) => (error ? reject(error) : resolve(count))))
  while ((await open()) < idle.length) await delay(20)
  const until = performance.now() + 20_000
  while ((await open()) > 0 && performance.now() < until) await delay(100)
  assert.equal(await open(), 0)
})
