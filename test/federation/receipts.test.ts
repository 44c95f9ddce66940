import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { follows } from '#db/schema/follows.ts'
import { receipts } from '#db/schema/peers.ts'
import { timedHash } from '#server/peers/receipts.ts'
import { startWorld } from '#test/federation/attack-world.ts'

test('what was acted on does nothing when it is sent again, also where an earlier version acted on it', async (t) => {
  const world = await startWorld(t)
  const { alice, b, e, instance } = world
  const { ctx } = instance
  const early = e.sign(e.activity('Follow', alice.account.uri))
  const hash = hashOf(early.headers)
  await ctx.transact((tx) => tx.insert(receipts).values({ signatureHash: hash, receivedAt: tx.now }))
  const late = b.sign(b.activity('Follow', alice.account.uri))
  for (const again of [false, true]) {
    assert.equal((await world.servers.e.post(early)).status, 202)
    assert.equal((await world.servers.b.post(late)).status, 202)
    await instance.runJobs()
    const bens = (await world.accountAt(b.uri))!.id
    assert.deepEqual(
      (await ctx.db.select().from(follows)).map(({ followerId }) => followerId),
      again ? [] : [bens]
    )
    await b.send(b.activity('Undo', { type: 'Follow', actor: b.uri, object: alice.account.uri }))
  }
  const kept = (await ctx.db.select().from(receipts)).map(({ signatureHash }) => signatureHash)
  assert.ok(kept.includes(timedHash(hashOf(late.headers), Date.parse(late.headers.date ?? ''))))
})

test('receipts stand in the order in which they were signed', () => {
  const moments = [0, 999, 1_000, 1_790_000_000_000, 1_790_000_001_000, 9_000_000_000_000]
  const kept = moments.map((at, place) => timedHash(createHash('sha256').update(`${place}`).digest('hex'), at))
  assert.equal(kept[0]?.split(' ')[0], kept[1]?.split(' ')[0])
  assert.deepEqual(kept.slice(1), kept.slice(1).sort())
})

function hashOf(headers: Record<string, string>): string {
  const signature = /signature="([^"]+)"/.exec(headers.signature ?? headers.Signature ?? '')?.[1] ?? ''
  return createHash('sha256').update(Buffer.from(signature, 'base64')).digest('hex')
}
