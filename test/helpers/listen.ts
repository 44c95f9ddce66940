import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import type { Network } from '#test/helpers/network.ts'

/** Has a server answer on a loopback port until the test ends; the port. */
export async function listen(t: Pick<TestContext, 'after'>, server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** The same, under a name of the test's own fediverse. */
export async function listenAs(t: Pick<TestContext, 'after'>, server: Server, network: Network, host: string): Promise<void> {
  network.add(host, await listen(t, server))
  t.after(() => network.remove(host))
}
