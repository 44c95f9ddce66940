import type { TestContext } from 'node:test'
import { Agent, fetch as fetchOver, type RequestInit } from 'undici'
import { connect } from 'node:net'
import type { Network } from '#test/helpers/network.ts'

/** Leads `fetch` of this process, which libraries use by themselves, to the names of a test's network and nowhere else. */
export function steerFetch(t: TestContext, network: Network): void {
  const before = globalThis.fetch
  const agent = new Agent({
    connect({ hostname, port }, done) {
      const steered = network.connect(hostname, Number(port || 443))
      if (steered === undefined) return done(new Error(`${hostname} is not of this test`), null)
      const socket = connect(steered)
      socket.once('connect', () => done(null, socket)).once('error', (error) => done(error, null))
    }
  })
  const steered = async (input: string | URL | Request, init: globalThis.RequestInit = {}) => {
    const request = new Request(input, init)
    const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer())
    const { method, redirect, signal } = request
    const options: RequestInit = {
      method,
      redirect,
      signal,
      headers: [...request.headers],
      dispatcher: agent,
      ...(body === undefined ? {} : { body })
    }
    return fetchOver(request.url, options)
  }
  globalThis.fetch = steered as unknown as typeof fetch
  t.after(async () => {
    globalThis.fetch = before
    await agent.destroy()
  })
}
