import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isNotNull } from 'drizzle-orm'
import { jobs } from '#db/schema/jobs.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { startPeer } from '#test/federation/recording-peer.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { textOf } from '#test/helpers/html.ts'

const day = 24 * 3_600_000

test('jobs that can never succeed stand in nobody’s way, end as dead letters, and are shown to the admin', async (t) => {
  const ran: string[] = []
  const instance = await startInstance(t, {
    wiring: {
      jobs: {
        poison: async () => {
          throw new Error('This never works.')
        },
        later: async (_ctx, { name }: { name: string }) => void ran.push(name)
      }
    }
  })
  const { ctx, clock } = instance
  const alice = await instance.as('alice')
  const near = await startPeer(t, instance, 'near.test')
  await near.follows(await near.account('ben'), alice.account)
  await ctx.transact(async (tx) => {
    for (let count = 0; count < 30; count++)
      await enqueue(tx, { kind: 'poison', input: {}, orderKey: count < 1 ? 'shared' : `own ${count}` })
    await enqueue(tx, { kind: 'nobody knows this', input: {} })
    await enqueue(tx, { kind: 'later', input: { name: 'behind it' }, orderKey: 'shared' })
    await enqueue(tx, { kind: 'later', input: { name: 'beside it' } })
  })
  assert.equal((await alice.submit('/posts', { text: 'All the same.', visibility: 'public' })).statusCode, 303)
  await instance.runJobs()
  assert.equal(near.posts.length, 1)
  assert.deepEqual(ran, ['beside it'])
  for (let days = 0; days < 20; days++) {
    clock.advance(day)
    await instance.runJobs()
  }
  assert.equal(await ctx.db.$count(jobs, isNotNull(jobs.deadAt)), 31)
  assert.deepEqual(ran, ['beside it', 'behind it'])
  const admin = await instance.as('olga', { role: 'owner' })
  assert.match(textOf(await admin.page('/admin')), /\b31\b/)
  assert.match(textOf(await admin.page('/admin/queue')), /This never works\./)
})
