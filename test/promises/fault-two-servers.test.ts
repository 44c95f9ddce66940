import assert from 'node:assert/strict'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { dialectOfProcess } from '#db/dialect.ts'
import { becomeOwner } from '#test/flows/become-owner.ts'
import { placeFor } from '#test/flows/processes.ts'
import { watchedPlace } from '#test/promises/places.ts'

const skip = dialectOfProcess() === 'postgres' && 'on SQLite only'
const killedAfterMs = [250, 450, 650, 850]

test('of two servers on one SQLite file the second refuses, by whatever path it comes; the first goes on, and its place is free once it was killed', {
  skip,
  timeout: 60_000
}, async (t) => {
  const first = await placeFor(t, 'red')
  await first.start()
  const olga = await becomeOwner(first, 'olga')
  const byLink = join(first.dataDir, '..', 'link')
  symlinkSync(first.dataDir, byLink)
  const second = await placeFor(t, 'blue', { DATA_DIR: byLink, ORIGIN: first.origin })
  const refused = await Promise.all([second.startAndEnd(), olga.submit('/posts', { text: 'Meanwhile.', visibility: 'public' })])
  assert.equal(refused[0].code, 1)
  assert.match(second.output(), /^Another Skerry already serves the database/)
  assert.equal(refused[1].status, 303)
  await first.end('SIGKILL')
  await first.start()
  assert.match(await olga.page('/home'), /Meanwhile\./)
})

test('killed while it makes its database, a server makes it at the next start', { timeout: 90_000 }, async (t) => {
  const { server } = await watchedPlace(t, 'red')
  for (const ms of killedAfterMs) {
    const starting = server.startAndEnd()
    await wait(ms)
    await server.end('SIGKILL')
    assert.equal((await starting).signal, 'SIGKILL')
  }
  await server.start()
  const olga = await becomeOwner(server, 'olga')
  assert.equal((await olga.submit('/posts', { text: 'At last.', visibility: 'public' })).status, 303)
  assert.match(await olga.page('/home'), /At last\./)
})
