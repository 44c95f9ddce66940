import assert from 'node:assert/strict'
import { test } from 'node:test'
import { faultsOf } from '#test/web/bad-input/faults.ts'
import { badParametersHere, badQueriesFor } from '#test/web/bad-input/values.ts'
import { startBadInputWorld } from '#test/web/bad-input/world.ts'

/** Far above what any page takes, also on a machine that has much else to do. */
const slowMs = 2_000

test('DOS-09, DOS-10: garbage in the query of any page is met with a page or a clear refusal, quickly', async (t) => {
  const world = await startBadInputWorld(t)
  const { app } = world.instance
  await world.instance.as('bob').then((bob) => bob.submit('/posts', { text: 'Words to #find' }))
  await world.instance.runJobs()
  const faults: string[] = []
  const routes = app.routeTable.filter(({ method, url }) => method === 'GET' && !url.startsWith('/static/'))
  assert.ok(routes.length > 40, 'the table of routes is there')
  const peerAccept = { accept: 'application/activity+json' }
  for (const { url, access, accept } of routes) {
    // Parameters of an address that is only looked at: anything that is there will do.
    const path = await world.freshPath(url.replace(/:(?:name|handle)/, 'bob').replace(':tag', 'find'))
    const actor = await world.actor(access)
    const headers = accept === 'activity' ? peerAccept : undefined
    const addresses = badQueriesFor(url).map(([name, value]) => `${path}?${name}=${value}`)
    const garbled = url.includes(':') ? badParametersHere().map((parameter) => url.replace(/:\w+/g, parameter)) : []
    for (const address of [...addresses, ...garbled]) {
      const ask = () => timed(() => actor.get(address, headers))
      const { answer, tookMs: firstMs } = await ask()
      // A machine may have been busy with something else: what is slow is slow each time.
      const tookMs = firstMs > slowMs ? (await ask()).tookMs : firstMs
      faults.push(...faultsOf(answer).map((fault) => `${address.slice(0, 100)}: ${fault}`))
      if (tookMs > slowMs) faults.push(`${address.slice(0, 100)}: took ${Math.round(tookMs)} ms`)
    }
  }
  assert.deepEqual(faults, [])
})

async function timed<T>(ask: () => Promise<T>): Promise<{ answer: T; tookMs: number }> {
  const startedAt = performance.now()
  return { answer: await ask(), tookMs: performance.now() - startedAt }
}
