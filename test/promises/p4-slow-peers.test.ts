import assert from 'node:assert/strict'
import { createServer, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { type TestContext, test } from 'node:test'
import { until } from '#test/flows/processes.ts'
import { startPeer } from '#test/federation/recording-peer.ts'
import { type Instance, startInstance } from '#test/helpers/instance.ts'
import { listenAs } from '#test/helpers/listen.ts'

const deadlineMs = 4_000
const dripMs = 50

/** Answers every POST byte by byte, without an end. */
async function startLoris(t: TestContext, instance: Instance, host: string) {
  const open = new Set<ServerResponse>()
  let ended = 0
  const server = createServer((request, response) => {
    if (request.method === 'GET') return void response.writeHead(404).end()
    request.resume()
    response.writeHead(200, { 'content-type': 'text/plain' })
    const drip = setInterval(() => response.write('.'), dripMs)
    open.add(response)
    response.on('close', () => {
      clearInterval(drip)
      open.delete(response)
      ended++
    })
  })
  await listenAs(t, server, instance.network, host)
  return { open: () => open.size, ended: () => ended }
}

test('P4: dead peers, silent ones and one that answers byte by byte cost a healthy one and our own pages nothing', async (t) => {
  const instance = await startInstance(t, { overrides: { httpDeadlineMs: deadlineMs } })
  const alice = await instance.as('alice')
  const healthy = await startPeer(t, instance, 'healthy.test')
  const silent = await startPeer(t, instance, 'silent.test')
  const loris = await startLoris(t, instance, 'loris.test')
  silent.answer = () => 'hang'
  const sick = await startPeer(t, instance, 'sick.test')
  // The sick come first, each with several inboxes, so that whatever waits for them waits in front.
  instance.network.add('dead.test', 1)
  for (const host of ['dead.test', 'silent.test', 'loris.test']) {
    for (let number = 0; number < 10; number++) {
      const uri = `https://${host}/users/f${number}`
      await sick.follows(
        await sick.account(`f${number}`, { domain: host, uri, inboxUrl: `${uri}/inbox`, sharedInboxUrl: null }),
        alice.account
      )
    }
  }
  for (let number = 0; number < 30; number++)
    await healthy.follows(await healthy.account(`f${number}`, { sharedInboxUrl: null }), alice.account)

  assert.equal((await alice.submit('/posts', { text: 'For everybody.', visibility: 'public' })).statusCode, 303)
  const running = instance.runJobs()
  await until('the healthy one to have everything', async () => healthy.posts.length === 30, deadlineMs)
  assert.ok(loris.open() > 0 && loris.ended() === 0, 'the slow answer is still under way')
  assert.match(await alice.page('/home'), /For everybody\./)
  assert.equal((await alice.submit('/posts', { text: 'One more.', visibility: 'public' })).statusCode, 303)
  assert.equal(loris.ended(), 0, 'pages were answered before any slow peer was done with')
  await running
  await instance.runJobs()
  assert.equal(healthy.posts.length, 60)
  assert.ok(
    loris.ended() <= 2 && silent.posts.length <= 2,
    `each sick host was tried by two at most: ${loris.ended()}, ${silent.posts.length}`
  )
})

test('P4: what is said to one person overtakes a fan-out to thousands', async (t) => {
  const instance = await startInstance(t)
  const alice = await instance.as('alice')
  const crowd = await startPeer(t, instance, 'crowd.test')
  const friend = await startPeer(t, instance, 'friend.test')
  for (let number = 0; number < 300; number++)
    await crowd.follows(await crowd.account(`f${number}`, { sharedInboxUrl: null }), alice.account)
  await friend.account('eve')
  const order: string[] = []
  for (const peer of [crowd, friend]) {
    peer.answer = async () => {
      await new Promise((resolve) => setTimeout(resolve, 2))
      order.push(peer.host)
      return { status: 202 }
    }
  }
  for (const [text, visibility] of [
    ['For all.', 'public'],
    ['@eve@friend.test for you.', 'direct']
  ] as const)
    assert.equal((await alice.submit('/posts', { text, visibility })).statusCode, 303)
  await instance.runJobs()
  assert.equal(order.length, 301)
  assert.ok(order.indexOf('friend.test') < 20, `it came as number ${order.indexOf('friend.test') + 1}`)
})

test('P4: visitors who send their requests byte by byte keep nobody waiting', async (t) => {
  const instance = await startInstance(t)
  const port = instance.network.portOf(instance.config.host)!
  const sockets = Array.from({ length: 100 }, () => connect(port, '127.0.0.1'))
  for (const socket of sockets) {
    socket.on('error', () => {})
    socket.write(
      `POST /inbox HTTP/1.1\r\nhost: ${instance.config.host}\r\ncontent-type: application/activity+json\r\ncontent-length: 900000\r\n`
    )
  }
  await until('all to be connected', async () => sockets.every(({ connecting }) => !connecting))
  const alice = await instance.as('alice')
  assert.equal((await alice.submit('/posts', { text: 'Still here.', visibility: 'public' })).statusCode, 303)
  assert.match(await alice.page('/home'), /Still here\./)
  // Before the instance ends, which waits for requests under way.
  for (const socket of sockets) socket.destroy()
})
