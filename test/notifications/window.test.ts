import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { notifications } from '#db/schema/notifications.ts'
import { countUnread } from '#server/notifications/count-unread.ts'
import { listNotifications, type NotificationsWanted } from '#server/notifications/list.ts'
import { whoIs } from '#test/helpers/who-is.ts'
import { textOf } from '#test/helpers/html.ts'
import { startInstance } from '#test/helpers/instance.ts'

const many = 1_150

test('what waits apart, or is of one kind, is found page by page however much else came after it', async (t) => {
  const instance = await startInstance(t)
  const { ctx } = instance
  const [ana, bo, quiet] = [await instance.as('ana'), await instance.as('bo'), await instance.as('quiet')]
  await ctx.transact(async (tx) => {
    await tx.update(accounts).set({ silencedAt: tx.now }).where(eq(accounts.id, quiet.account.id))
    const row = (id: number, kind: 'follow' | 'poll', fromId: number) => ({
      id,
      accountId: ana.account.id,
      kind,
      fromId,
      postId: 0,
      createdAt: 1
    })
    await tx.insert(notifications).values([row(1, 'follow', quiet.account.id), row(2, 'follow', bo.account.id)])
    for (let id = 3; id < many; id += 50)
      await tx.insert(notifications).values(Array.from({ length: 50 }, (_, place) => row(id + place, 'poll', 1_000 + id + place)))
  })
  const who = await whoIs(instance, 'ana')
  const walk = async (wanted: NotificationsWanted) => {
    const found: number[] = []
    let pages = 0
    for (let beforeId: number | undefined; pages === 0 || beforeId !== undefined; pages += 1) {
      const page = await listNotifications(ctx, who, { ...wanted, ...(beforeId === undefined ? {} : { beforeId }) })
      found.push(...page.groups.flat().map(({ row }) => row.id))
      beforeId = page.olderCursor
      assert.ok(pages < 20)
    }
    return { found, pages }
  }
  assert.deepEqual(await walk({ isRequest: true }), { found: [1], pages: 5 })
  assert.deepEqual(await walk({ kind: 'follow' }), { found: [2], pages: 2 })
})

test('what is unread is counted among the newest thousand, and up to ninety-nine', async (t) => {
  const instance = await startInstance(t)
  const { ctx } = instance
  const [ana, quiet] = [await instance.as('ana'), await instance.as('quiet')]
  const add = (from: number, count: number, kind: 'poll' | 'follow', fromId: (id: number) => number) =>
    ctx.transact(async (tx) => {
      const row = (id: number) => ({ id, accountId: ana.account.id, kind, fromId: fromId(id), postId: 0, createdAt: 1 })
      for (let id = from; id < from + count; id += 50)
        await tx.insert(notifications).values(Array.from({ length: Math.min(50, from + count - id) }, (_, place) => row(id + place)))
    })
  const unread = async () => countUnread(ctx, await whoIs(instance, 'ana'))
  const badge = async () => /(\S+) unread/.exec(textOf(await ana.page('/settings')))?.[0]
  await add(1, 98, 'poll', (id) => id)
  assert.equal(await unread(), 98)
  assert.equal(await badge(), '98 unread')
  await add(99, 60, 'poll', (id) => id)
  assert.equal(await unread(), 100, 'a hundred or more')
  assert.equal(await badge(), '99 unread')
  assert.match(textOf(await ana.page('/settings')), /99\+ ?More than 99 unread/)
  // A flood of what nobody is shown is looked through so far and no further.
  await ctx.transact(async (tx) => {
    await tx.update(accounts).set({ suspendedAt: tx.now }).where(eq(accounts.id, quiet.account.id))
  })
  const unshown = (id: number) => ({
    id,
    accountId: ana.account.id,
    kind: 'mention' as const,
    fromId: quiet.account.id,
    postId: id,
    createdAt: 1
  })
  const flood = (from: number, count: number) =>
    ctx.transact(async (tx) => {
      for (let id = from; id < from + count; id += 50)
        await tx.insert(notifications).values(Array.from({ length: 50 }, (_, place) => unshown(id + place)))
    })
  await flood(200, 950)
  assert.equal(await unread(), 50)
  await flood(1_200, 50)
  assert.equal(await unread(), 0)
  assert.equal(await badge(), undefined)
})
