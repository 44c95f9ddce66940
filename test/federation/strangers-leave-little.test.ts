import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asc, eq } from 'drizzle-orm'
import { postVersions } from '#db/schema/posts.ts'
import { interactions } from '#db/schema/quotes.ts'
import { sweepInteractions } from '#server/interactions/sweep-interactions.ts'
import { versionsKeptMax } from '#server/posts/receive-post-edit.ts'
import { schedules } from '#server/schedules.ts'
import { startWorld } from '#test/federation/attack-world.ts'

const dayMs = 24 * 60 * 60_000

test('a post of another server that is edited over and over keeps its first version and the newest others', async (t) => {
  const world = await startWorld(t)
  const { a, alice, instance } = world
  await world.knowing(a)
  const note = a.note('version 1')
  await a.send(a.activity('Create', note))
  for (let version = 2; version <= versionsKeptMax + 5; version += 1) {
    instance.clock.advance(1_000)
    const updated = new Date(instance.clock.now()).toISOString()
    await a.send(a.activity('Update', { ...note, content: `<p>version ${version}</p>`, updated }))
  }
  const post = await world.postAt(note.id)
  assert.match(post?.html ?? '', new RegExp(`version ${versionsKeptMax + 5}<`))
  const kept = await instance.ctx.db
    .select()
    .from(postVersions)
    .where(eq(postVersions.postId, post?.id ?? 0))
    .orderBy(asc(postVersions.version))
  assert.equal(kept.length, versionsKeptMax)
  assert.deepEqual([kept[0]?.version, kept[1]?.version, kept.at(-1)?.version], [1, 6, versionsKeptMax + 4])
  assert.equal((await alice.get(`/@ana@a.test/${post?.id}/history`)).statusCode, 200)
})

test('what strangers asked for long ago and nobody agreed to is forgotten; what was agreed to, and what ours asked for, is not', async (t) => {
  const world = await startWorld(t)
  const { a, alice, instance } = world
  await world.knowing(a)
  const { ctx } = instance
  for (const canLike of ['nobody', 'ask'])
    await alice.submit('/posts', { text: `like ${canLike}`, visibility: 'public', canQuote: canLike, idempotencyKey: canLike })
  const [[closed], [asking]] = [await world.saying('like nobody'), await world.saying('like ask')]
  // Asked without ever bringing the post that would quote.
  await a.send(a.activity('QuoteRequest', closed?.uri, { instrument: 'https://a.test/notes/none-1' }))
  await a.send(a.activity('QuoteRequest', asking?.uri, { instrument: 'https://a.test/notes/none-2' }))
  await instance.runJobs()
  const ana = (await world.accountAt(a.uri))!
  await ctx.transact(async (tx) => {
    const row = { targetId: closed!.id, postId: null, requestUri: null, authorizationUri: null, createdAt: tx.now, decidedAt: null }
    const theirs = {
      ...row,
      id: tx.newId(),
      kind: 'like' as const,
      fromId: ana.id,
      objectUri: 'https://a.test/likes/1',
      state: 'accepted' as const
    }
    const ours = {
      ...row,
      id: tx.newId(),
      kind: 'like' as const,
      fromId: alice.account.id,
      objectUri: 'https://skerry.test/likes/1',
      state: 'pending' as const
    }
    await tx.insert(interactions).values([theirs, ours])
  })
  const states = async () => (await ctx.db.select().from(interactions).orderBy(asc(interactions.id))).map((row) => row.state)
  const before = await states()
  assert.deepEqual(before.toSorted(), ['accepted', 'pending', 'pending', 'rejected'])
  await sweepInteractions(ctx)
  assert.deepEqual(await states(), before)
  instance.clock.advance(181 * dayMs)
  await sweepInteractions(ctx)
  assert.deepEqual((await states()).toSorted(), ['accepted', 'pending'])
  assert.ok(schedules.some(({ run }) => run === sweepInteractions))
})
