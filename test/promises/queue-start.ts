import assert from 'node:assert/strict'
import { connect } from 'node:net'
import type { TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { eq } from 'drizzle-orm'
import type { Database } from '#db/database.ts'
import { accounts } from '#db/schema/accounts.ts'
import { jobs } from '#db/schema/jobs.ts'
import { activities, deliveries, parkedAt } from '#db/schema/peers.ts'
import { posts } from '#db/schema/posts.ts'
import { becomeOwner } from '#test/flows/become-owner.ts'
import { until } from '#test/flows/processes.ts'
import { startFarPeer } from '#test/promises/far-peer.ts'
import { countLeft, outwaitLeases, watchedPlace } from '#test/promises/places.ts'

/** What P6 promises is 2 s on a machine of its own; the tests share theirs. */
const readyMsMax = 10_000
const stopMsMax = 10_000
const rowsAtOnce = 200
const hostsCount = 500

/**
 * P6: a server starts over a queue of `size` jobs and `size` deliveries and answers /readyz, works at it while it answers pages, and ends within 10 s
 * of SIGTERM in the middle of it. `hasSlowClients`: with some still connected that are slow on purpose, which makes use of most of the 10 s.
 */
export async function startOverQueue(t: TestContext, { size, hasSlowClients }: { size: number; hasSlowClients: boolean }): Promise<void> {
  const { server, port, open } = await watchedPlace(t, 'red')
  const peer = await startFarPeer(t, 'far', { host: server.host, port })
  // Never a quick answer: there is always something under way.
  peer.answer = (_activity, response) => void setTimeout(() => response.writeHead(202).end(), 100)
  await server.start()
  const olga = await becomeOwner(server, 'olga')
  assert.equal((await olga.submit('/posts', { text: 'The only one.', visibility: 'public' })).status, 303)
  await server.end('SIGTERM')
  const database = await open()
  await fillQueue(database, peer.host, size)

  const startedAt = performance.now()
  await server.start()
  const readyMs = performance.now() - startedAt
  t.diagnostic(`ready after ${Math.round(readyMs)} ms over ${size} jobs and ${size} deliveries`)
  assert.ok(readyMs < readyMsMax, `${readyMs} ms`)
  assert.match(await olga.page('/home'), /The only one\./)
  const before = await countLeft(database)
  await until('the queue to get shorter', async () => (await countLeft(database)) < before)
  await until('something to be sent', async () => peer.received.length > 0)
  assert.ok((await countLeft(database)) > 0, 'there is still something to do')

  const slow = hasSlowClients ? slowClients(t, server.host, port) : []
  await wait(200)
  const { code, tookMs } = await server.end('SIGTERM')
  t.diagnostic(`ended after ${Math.round(tookMs)} ms`)
  assert.equal(code, 0, server.output())
  assert.ok(tookMs < stopMsMax, `${tookMs} ms`)
  for (const socket of slow) socket.destroy()
  await outwaitLeases(database)
  await server.start()
  const left = await countLeft(database)
  await until('the work to go on', async () => (await countLeft(database)) < left)
}

/** Headers without an end, a body without an end, and an answer that is not read. */
function slowClients(t: TestContext, host: string, port: number) {
  const requests = [
    `GET /about HTTP/1.1\r\nhost: ${host}\r\n`,
    `POST /sign-in HTTP/1.1\r\nhost: ${host}\r\norigin: http://${host}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 900\r\n\r\nlogin=`,
    `GET /about HTTP/1.1\r\nhost: ${host}\r\n\r\n`.repeat(50)
  ]
  return requests.map((text) => {
    const socket = connect(port, '127.0.0.1').on('error', () => {})
    socket.pause()
    socket.write(text)
    t.after(() => socket.destroy())
    return socket
  })
}

/** Jobs that tell of a post there is, and deliveries to hosts of which one answers and the others are away. */
async function fillQueue(database: Database, host: string, size: number): Promise<void> {
  const [olga] = await database.reader.select().from(accounts).where(eq(accounts.nameKey, 'olga'))
  const [post] = await database.reader.select().from(posts).where(eq(posts.authorId, olga!.id))
  const activityId = await database.transact(async (tx) => {
    const id = tx.newId()
    await tx.insert(activities).values({ id, uri: 'urn:test:queued', actorId: olga!.id, body: '{"type":"Create"}', createdAt: tx.now })
    return id
  })
  for (let at = 0; at < size; at += rowsAtOnce) {
    await database.transact(async (tx) => {
      const numbers = Array.from({ length: Math.min(rowsAtOnce, size - at) }, (_, index) => at + index)
      const common = { runAt: tx.now, createdAt: tx.now }
      await tx.insert(jobs).values(
        numbers.map((number) => ({
          id: tx.newId(),
          kind: 'post-published: federation',
          input: { postId: post!.id },
          lane: number % 10 === 0 ? ('slow' as const) : ('quick' as const),
          orderKey: `post ${number % 1_000}`,
          ...common
        }))
      )
      await tx.insert(deliveries).values(
        numbers.map((number) => {
          const isAway = number % 4 === 0
          const to = isAway ? `away-${number % hostsCount}.localhost:9` : host
          return {
            id: tx.newId(),
            activityId,
            inboxUrl: `http://${to}/inbox-${number}`,
            host: to,
            lane: number % 20 === 0 ? ('direct' as const) : ('fan-out' as const),
            orderKey: null,
            ...common,
            ...(isAway && number % 8 === 0 ? { runAt: parkedAt } : {})
          }
        })
      )
    })
  }
}
