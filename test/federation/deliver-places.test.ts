import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { eq } from 'drizzle-orm'
import { activities, deliveries } from '#db/schema/peers.ts'
import { createPlaces } from '#server/federation/deliver/places.ts'
import { leaseDeliveries, leaseMs, releaseDeliveries, renewDeliveries } from '#server/peers/lease-deliveries.ts'
import { createTestClock } from '#test/helpers/clock.ts'
import { type Instance, startInstance } from '#test/helpers/instance.ts'

test('deliveries that stay silent give their places to others, and never more than the bound are under way', async () => {
  let isNeeded = true
  const places = createPlaces({ concurrencyMax: 100, onFree() {}, isNeeded: () => isNeeded, silence: () => new Error('crowded out') })
  const givenUp: unknown[] = []
  const silent = () =>
    places
      .run((signal) => new Promise<void>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))))
      .catch((error: unknown) => givenUp.push(error))
  const first = places.free
  assert.ok(first > 0 && first <= 64, `${first} may begin at once`)
  const waiting = Array.from({ length: first }, silent)
  assert.equal(places.free, 0)
  await sleep(500)
  assert.ok(places.free > 0, 'who is silent for half a second takes no fast place')
  while (places.taken < 100) {
    if (places.free > 0) waiting.push(silent())
    else await sleep(25)
  }
  assert.equal(places.free, 0)
  const startedAt = Date.now()
  while (places.taken === 100 && Date.now() - startedAt < 8_000) await sleep(50)
  assert.ok(places.taken < 100 && givenUp.length > 0, 'the longest silent are given up for others')
  isNeeded = false
  places.stop()
})

test('leases are short, kept by renewal, and given back as if they had never been', async (t) => {
  const clock = createTestClock()
  const instance = await startInstance(t, { overrides: { clock } })
  const { ctx } = instance
  const alice = await instance.as('alice')
  await writeOne(instance, alice.account.id)
  const [leased] = await leaseDeliveries(ctx, 10)
  assert.ok(leased)
  assert.deepEqual(await leaseDeliveries(ctx, 10), [], 'it is in hand')
  clock.advance(leaseMs - 1_000)
  await renewDeliveries(ctx, [leased])
  clock.advance(leaseMs - 1_000)
  assert.deepEqual(await leaseDeliveries(ctx, 10), [], 'it was renewed')
  await releaseDeliveries(ctx, [leased])
  const [again] = await leaseDeliveries(ctx, 10)
  assert.equal(again?.attempts, 1, 'the attempt that was none does not count')
  clock.advance(leaseMs + 1_000)
  const [taken] = await leaseDeliveries(ctx, 10)
  assert.equal(taken?.attempts, 2, 'whoever held it died')
  if (taken && again) await releaseDeliveries(ctx, [again])
  const [row] = await ctx.db
    .select()
    .from(deliveries)
    .where(eq(deliveries.id, taken?.id ?? 0))
  assert.ok(row?.lockedUntil, 'a lease that has gone to another is not given back')
})

async function writeOne({ ctx }: Instance, actorId: number): Promise<void> {
  await ctx.transact(async (tx) => {
    const id = tx.newId()
    await tx.insert(activities).values({ id, uri: 'https://skerry.test/x#create', actorId, body: '{}', createdAt: tx.now })
    await tx.insert(deliveries).values({
      id: tx.newId(),
      activityId: id,
      inboxUrl: 'https://a.test/inbox',
      host: 'a.test',
      lane: 'fan-out',
      runAt: tx.now,
      createdAt: tx.now
    })
  })
}
