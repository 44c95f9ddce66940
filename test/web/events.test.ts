import assert from 'node:assert/strict'
import { once } from 'node:events'
import { get, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { suspendAccount } from '#server/moderation/suspend-account.ts'
import { cookieName } from '#server/web/session.ts'
import { type Instance, startInstance } from '#test/helpers/instance.ts'
import type { TestPerson } from '#test/helpers/people.ts'
import { write } from '#test/web/world.ts'

/** What the issue promises: whoever signed out hears nothing more after this long. */
const endMs = 5_000

interface Listener {
  status: number
  headers: IncomingHttpHeaders
  /** Resolves with the next event; undefined when the stream has ended. */
  next(): Promise<{ event: string; data: Record<string, unknown> } | undefined>
  close(): void
}

test('whoever listens is told how many posts are newer and how much is unread, and of nothing else', async (t) => {
  const { instance, ana, bo } = await startPair(t)
  const first = await write(bo, { text: 'The first of the day' })
  const listener = await listen(instance, ana, `?since=${first}`)
  assert.equal(listener.headers['content-type'], 'text/event-stream; charset=utf-8')
  assert.equal(listener.headers['cache-control'], 'no-store')
  assert.deepEqual(await listener.next(), { event: 'state', data: { newer: [], unread: 0 } })
  const second = await write(bo, { text: 'A secret for nobody’s ears' })
  assert.deepEqual(await listener.next(), { event: 'state', data: { newer: [second], unread: 0 } })
  await write(bo, { text: '@ana look here', visibility: 'direct' })
  const told = await listener.next()
  assert.equal(told?.data.unread, 1)
  assert.deepEqual(Object.keys(told.data), ['newer', 'unread'])
})

test('the same is there in JSON for who does not listen', async (t) => {
  const { ana, bo } = await startPair(t)
  const first = await write(bo, { text: 'One' })
  const second = await write(bo, { text: 'Two' })
  const answer = await ana.get(`/events?since=${first}`, { accept: 'application/json' })
  assert.deepEqual(answer.json(), { newer: [second], unread: 0 })
  assert.deepEqual((await ana.get('/events', { accept: 'application/json' })).json(), { newer: [], unread: 0 })
})

test('strangers are not listened to', async (t) => {
  const { instance } = await startPair(t)
  assert.equal((await instance.guest().get('/events', { accept: 'text/event-stream' })).statusCode, 401)
})

test('what somebody hears ends with their session: signed out, or suspended', async (t) => {
  const { instance, ana, bo } = await startPair(t)
  const [one, other] = [await listen(instance, ana), await listen(instance, bo)]
  await one.next()
  await other.next()
  const began = performance.now()
  await ana.submit('/sign-out')
  assert.deepEqual(await one.next(), { event: 'end', data: {} })
  assert.equal(await one.next(), undefined)
  assert.ok(performance.now() - began < endMs)
  const moderated = performance.now()
  await suspendAccount(instance.ctx, { kind: 'operator' }, { accountId: bo.account.id, reason: 'A test' })
  assert.equal((await other.next())?.event, 'end')
  assert.equal(await other.next(), undefined)
  assert.ok(performance.now() - moderated < endMs)
})

test('one person may listen with so many browsers and no more', async (t) => {
  const { instance, ana, bo } = await startPair(t)
  const open: Listener[] = []
  for (let count = 0; count < 8; count++) open.push(await listen(instance, ana))
  assert.ok(open.every(({ status }) => status === 200))
  const refused = await listen(instance, ana)
  assert.equal(refused.status, 429)
  assert.ok(Number(refused.headers['retry-after']) > 0)
  assert.equal((await listen(instance, bo)).status, 200)
  // A place is free again once its browser has gone.
  open[0]!.close()
  for (let tries = 0; ; tries++) {
    if ((await listen(instance, ana)).status === 200) break
    assert.ok(tries < 50, 'the place of a browser that left stays taken')
    await sleep(20)
  }
})

test('an orderly stop waits for nobody who listens', async (t) => {
  const { instance, ana } = await startPair(t)
  const listener = await listen(instance, ana)
  await listener.next()
  const began = performance.now()
  await instance.app.close()
  assert.equal(await listener.next(), undefined)
  assert.ok(performance.now() - began < 1_000, 'the stop took its time')
})

async function startPair(t: TestContext) {
  const instance = await startInstance(t)
  const [ana, bo] = [await instance.as('ana'), await instance.as('bo')]
  await ana.submit(`/accounts/${bo.account.id}/follow`)
  return { instance, ana, bo }
}

/** Over a real connection: what is injected never ends. */
async function listen(instance: Instance, person: TestPerson, query = ''): Promise<Listener> {
  const { port } = instance.app.server.address() as AddressInfo
  const headers = { host: instance.config.host, accept: 'text/event-stream', cookie: await cookieOf(instance, person) }
  const request = get({ host: '127.0.0.1', port, path: `/events${query}`, headers, agent: false })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  const chunks = response.setEncoding('utf8').iterator()
  let text = ''
  return {
    status: response.statusCode!,
    headers: response.headers,
    close: () => request.destroy(),
    async next() {
      for (;;) {
        const [all, event, data] = /^(?:retry: \d+\n\n|:\n\n)*event: (\w+)\ndata: (.*)\n\n/.exec(text) ?? []
        if (all !== undefined) {
          text = text.slice(all.length)
          return { event: event!, data: JSON.parse(data!) as Record<string, unknown> }
        }
        const { value, done } = await chunks.next()
        if (done) return undefined
        text += value
      }
    }
  }
}

/** The cookie of a session, out of what the person's browser sends. */
async function cookieOf(instance: Instance, person: TestPerson): Promise<string> {
  const response = await person.request({ method: 'GET', url: '/about' })
  const sent = response.raw.req.headers.cookie
  assert.match(String(sent), new RegExp(cookieName(instance.ctx, 'session')))
  return String(sent)
}
