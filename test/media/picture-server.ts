import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { TestContext } from 'node:test'
import { listen } from '#test/helpers/listen.ts'

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
  return { port: await listen(t, server), asked }
}
