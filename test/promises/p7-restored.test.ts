import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { isNotNull } from 'drizzle-orm'
import { follows } from '#db/schema/follows.ts'
import { activities, deliveries } from '#db/schema/peers.ts'
import { posts } from '#db/schema/posts.ts'
import { makeBackup } from '#server/backup/make-backup.ts'
import { restoreBackup } from '#server/backup/restore-backup.ts'
import { createContext } from '#server/context.ts'
import { createLog } from '#server/platform/log.ts'
import { publishPost } from '#server/posts/publish-post.ts'
import { wiring } from '#server/wiring.ts'
import { startPeer } from '#test/federation/recording-peer.ts'
import { makePlace } from '#test/helpers/ground.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { keySourceOfTests } from '#test/helpers/keys.ts'
import { whoIs } from '#test/helpers/who-is.ts'
import { openScratch } from '#test/helpers/scratch.ts'

const operator = { kind: 'operator' } as const
const minute = 60_000

test('P7: a backup made while people post is one moment; restored elsewhere, nothing is sent twice and no id is used twice', async (t) => {
  const instance = await startInstance(t)
  const { ctx, clock } = instance
  const alice = await instance.as('alice')
  const near = await startPeer(t, instance, 'near.test')
  await near.follows(await near.account('ben'), alice.account)
  const who = await whoIs(instance, 'alice')
  const dir = mkdtempSync(join(openScratch(), 'skerry-backup-'))
  t.after(() => rmSync(dir, { recursive: true, force: true }))

  let isOver = false
  let count = 0
  const posting = (async () => {
    for (; !isOver; count++) {
      await publishPost(ctx, who, { text: `Number ${count}.`, visibility: 'public', language: 'en' })
      if (count % 5 === 0) await instance.runJobs()
      await new Promise((resolve) => setImmediate(resolve))
    }
  })()
  while (count < 10) await new Promise((resolve) => setTimeout(resolve, 5))
  await makeBackup(ctx, operator, { dir })
  isOver = true
  await posting
  // The old instance lives on for a while after its last backup.
  for (const text of ['After the backup, one.', 'After the backup, two.'])
    await publishPost(ctx, who, { text, visibility: 'public', language: 'en' })
  await instance.runJobs()
  const old = await ctx.db.select({ id: posts.id, uri: posts.uri }).from(posts)
  const oldActivities = new Set(near.posts.map(({ json }) => String(json.id)))
  const sentBefore = near.posts.length
  clock.advance(minute)

  const there = await makePlace(t)
  const restored = await restoreBackup({ config: there.config, clock }, operator, { dir, isForced: false })
  const again = await createContext(there.config, wiring, {
    clock,
    keySource: keySourceOfTests,
    log: createLog('silent'),
    connect: instance.network.connect,
    isStrict: true
  })
  t.after(() => again[Symbol.asyncDispose]())
  const kept = await again.db.select({ id: posts.id, source: posts.source }).from(posts).orderBy(posts.id)
  assert.ok(kept.length >= 10 && kept.length <= count, `${kept.length} of ${count} posts were written when the copy was made`)
  assert.deepEqual(
    kept.map(({ source }) => source),
    kept.map((_, place) => `Number ${place}.`),
    'the first so many, without a hole'
  )

  await again.worker.drain()
  assert.equal(near.posts.length, sentBefore, 'what waited is set aside, not sent')
  const aside = await again.db.$count(deliveries, isNotNull(deliveries.deadAt))
  assert.equal(aside, restored.deliveriesAside)
  assert.equal(await again.db.$count(deliveries), aside)
  assert.equal(await again.db.$count(follows), 1)

  const fresh = []
  for (const text of ['On the new one.', 'And another.'])
    fresh.push(await publishPost(again, who, { text, visibility: 'public', language: 'en' }))
  await again.worker.drain()
  assert.equal(near.posts.length, sentBefore + 2, 'what is new is sent')
  for (const { json } of near.posts.slice(sentBefore)) assert.ok(!oldActivities.has(String(json.id)), `${json.id} was never used before`)
  const used = new Set(old.flatMap(({ id, uri }) => [String(id), uri]))
  for (const { id, uri } of fresh) assert.ok(!used.has(String(id)) && !used.has(uri) && id > Math.max(...old.map((row) => row.id)))
  assert.equal(
    await again.db.$count(activities),
    new Set((await again.db.select({ id: deliveries.activityId }).from(deliveries)).map(({ id }) => id)).size
  )
})
