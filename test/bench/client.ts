import { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Writable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import type { Signed } from '#test/bench/inbox.ts'

/** What takes a request and answers it: a server's listener, `app.routing` of Fastify. */
type Dispatch = (request: IncomingMessage, response: ServerResponse) => void

/** A connection's end that takes all that is written. */
class Line extends Writable {
  readonly remoteAddress = '127.0.0.1'

  override _write(_chunk: unknown, _encoding: string, done: () => void): void {
    done()
  }
}

/**
 * The client by which all requests to an inbox come here: Node's own request and response without a network between. The one that Fastify brings
 * along (light-my-request) gives each request a getter of its own, and so a hidden class of its own, which holds the request and all that
 * hangs on it until the next full collection: whoever is measured then pays for moving about in memory what no network would have left there. Gives the status.
 */
export async function ask(dispatch: Dispatch, { headers, body }: Signed): Promise<number> {
  // What comes from a network comes in a turn of the event loop.
  await turn()
  const line = new Line() as unknown as Socket
  const request = new IncomingMessage(line)
  request.method = 'POST'
  request.url = '/inbox'
  request.httpVersion = '1.1'
  request.httpVersionMajor = 1
  request.httpVersionMinor = 1
  request.headers = { 'content-length': String(body.length) }
  for (const name of Object.keys(headers)) request.headers[name.toLowerCase()] = headers[name]
  // All of it is here: it was not broken off.
  request.complete = true
  request.push(body)
  request.push(null)
  const response = new ServerResponse(request)
  response.assignSocket(line)
  return new Promise((resolve) => {
    response.once('finish', () => {
      response.detachSocket(line)
      response.emit('close')
      resolve(response.statusCode)
    })
    dispatch(request, response)
  })
}
