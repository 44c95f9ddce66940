import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * A process of its own that takes deliveries, so that what it costs is not counted with what sending costs. It tells its port, and after every
 * so many deliveries the time at which they were complete. Hosts whose name begins with `slow` or `mute` are answered after a while or never.
 */
const slowMs = 5_000
/** It listens on so many addresses, from 127.0.0.1 on and all on one port: each is a host of its own to whoever keeps connections. */
const addresses = 100
let taken = 0
let tellAt = Number.POSITIVE_INFINITY

const take: RequestListener = (request, response) => {
  const host = request.headers.host ?? ''
  request.resume()
  request.on('end', () => {
    if (host.startsWith('mute')) return
    if (host.startsWith('slow')) {
      setTimeout(() => response.writeHead(202).end(), slowMs)
      return
    }
    response.writeHead(202).end()
    if (++taken === tellAt) process.send?.({ kind: 'taken', at: Date.now() })
  })
}

const first = await listen(1, 0)
const { port } = first.address() as AddressInfo
for (let place = 2; place <= addresses; place++) await listen(place, port)
process.send?.({ kind: 'ready', port })

async function listen(place: number, at: number): Promise<Server> {
  const server = createServer(take)
  server.keepAliveTimeout = 30_000
  await new Promise<void>((resolve) => server.listen(at, `127.0.0.${place}`, resolve))
  return server
}
process.on('message', (count: number) => {
  taken = 0
  tellAt = count
})
process.on('disconnect', () => process.exit(0))
