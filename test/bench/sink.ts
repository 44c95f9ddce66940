import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * A process of its own that takes deliveries, so that what it costs is not counted with what sending costs. It tells its port, and after every
 * so many deliveries the time at which they were complete. Hosts whose name begins with `slow` or `mute` are answered after a while or never.
 */
const slowMs = 5_000
let taken = 0
let tellAt = Number.POSITIVE_INFINITY

const server = createServer((request, response) => {
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
})
server.keepAliveTimeout = 30_000
server.listen(0, '127.0.0.1', () => process.send?.({ kind: 'ready', port: (server.address() as AddressInfo).port }))
process.on('message', (count: number) => {
  taken = 0
  tellAt = count
})
process.on('disconnect', () => process.exit(0))
