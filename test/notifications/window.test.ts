import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { notifications } from '#db/schema/notifications.ts'
import { listNotifications, type NotificationsWanted } from '#server/notifications/list.ts'
import { whoIs } from '#test/helpers/who-is.ts'
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
