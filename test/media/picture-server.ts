import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'

export interface PictureServer {
  port: number
  /** Paths asked for, in order. */
  asked: string[]
}

/** A server of somebody else that ends with the test. */
export async function startPictureServer(
  t: TestContext,
  answer: (request: IncomingMessage, response: ServerResponse) => void
): Promise<PictureServer> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, asked }
}
