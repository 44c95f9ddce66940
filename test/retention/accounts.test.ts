import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { eq } from 'drizzle-orm'
import { getTableConfig as pgConfig } from 'drizzle-orm/pg-core'
import { getTableConfig as sqliteConfig, type SQLiteColumn, type SQLiteTable } from 'drizzle-orm/sqlite-core'
import { dialectOfProcess } from '#db/dialect.ts'
import type { Tx } from '#db/reader.ts'
import * as schema from '#db/schema/all.ts'
import { accountKeys, accounts } from '#db/schema/accounts.ts'
import { histories } from '#db/schema/histories.ts'
import { media } from '#db/schema/media.ts'
import { auditEntries } from '#db/schema/moderation.ts'
import { posts } from '#db/schema/posts.ts'
import { retentionPasses } from '#db/schema/retention.ts'
import { accountColumns } from '#server/retention/account-columns.ts'
import { sweepRetention } from '#server/retention/start-pass.ts'
import { textOf } from '#test/helpers/html.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { everybody, remote } from '#test/helpers/remote.ts'
import { addRemoteAccount, write } from '#test/web/world.ts'

const getTableConfig = (dialectOfProcess() === 'postgres' ? pgConfig : sqliteConfig) as typeof sqliteConfig
const dayMs = 24 * 60 * 60_000

async function harbour(t: TestContext) {
  const instance = await startInstance(t)
  const { ctx } = instance
  const ana = await instance.as('ana')
  let count = 0
  /** Somebody elsewhere who was read for the last time so many days ago. */
  const stranger = async (daysAgo: number, fields: Partial<typeof accounts.$inferInsert> = {}) => {
    const account = await addRemoteAccount(instance, `stranger${++count}`, 'far.test')
    await ctx.transact((tx) =>
      tx
        .update(accounts)
        .set({ fetchedAt: instance.clock.now() - daysAgo * dayMs, ...fields })
        .where(eq(accounts.id, account.id))
    )
    return account.id
  }
  const sweep = async () => {
    await sweepRetention(ctx)
    await instance.runJobs()
  }
  const isKept = async (id: number) => (await ctx.db.$count(accounts, eq(accounts.id, id))) === 1
  return { instance, ctx, ana, stranger, sweep, isKept }
}

/** What rows of a table are told apart by. */
function keyOf(table: SQLiteTable): string {
  return Object.entries(table).find(([, column]) => (column as SQLiteColumn).primary)?.[0] ?? 'id'
}

/** A row of a table with what it must have, and whatever it belongs to. */
async function fill(tx: Tx, table: SQLiteTable, given: Record<string, unknown>, accountId: number): Promise<Record<string, unknown>> {
  const { columns, foreignKeys } = getTableConfig(table)
  const row: Record<string, unknown> = { ...given }
  for (const [key, each] of Object.entries(table)) {
    const column = each as SQLiteColumn
    const isOfKey = getTableConfig(table).primaryKeys.some((one) => one.columns.includes(column))
    if (!columns.includes(column) || key in row || (column.hasDefault && !column.primary) || !(column.notNull || column.primary || isOfKey))
      continue
    const reference = foreignKeys.map((one) => one.reference()).find((one) => one.columns.includes(column))
    if (reference?.foreignTable === schema.accounts || reference?.foreignTable === schema.users) row[key] = accountId
    else if (reference)
      row[key] = (await fill(tx, reference.foreignTable as SQLiteTable, {}, accountId))[keyOf(reference.foreignTable as SQLiteTable)]
    else if (column.dataType === 'number') row[key] = tx.newId()
    else row[key] = column.dataType === 'json' ? {} : column.dataType === 'boolean' ? false : `made ${tx.newId()}`
  }
  await tx.insert(table).values(row as never)
  return row
}

test('An account goes when nothing was heard of it for long and nothing names it, with keys, pictures and what was noted of it', async (t) => {
  const { ctx, instance, stranger, sweep, isKept } = await harbour(t)
  const [old, fresh] = [await stranger(200), await stranger(100)]
  await ctx.transact(async (tx) => {
    const key = { accountId: old, uri: 'https://far.test/key', kind: 'rsa' as const, publicPem: 'pem', createdAt: tx.now }
    await tx.insert(accountKeys).values({ id: tx.newId(), ...key })
    await tx.insert(histories).values({ accountId: old, startedAt: tx.now, againAt: tx.now })
    const avatar = { key: 'avatar', accountId: old, use: 'avatar' as const, mime: 'image/png', createdAt: tx.now }
    await tx.insert(media).values({ id: tx.newId(), remoteUrl: 'https://far.test/a.png', ...avatar })
  })
  await sweep()
  assert.deepEqual([await isKept(old), await isKept(fresh)], [false, true])
  assert.equal(await ctx.db.$count(accountKeys, eq(accountKeys.accountId, old)), 0)
  assert.equal(await ctx.db.$count(histories), 0)
  assert.equal(await ctx.db.$count(media), 0)
  assert.deepEqual(instance.logged, [])
  const [pass] = await ctx.db.select().from(retentionPasses)
  assert.deepEqual([pass?.accountsOut, pass?.part], [1, 'accounts'])
})

test('Every column that names accounts keeps whom it names', async (t) => {
  const { ctx, ana, stranger, sweep, isKept } = await harbour(t)
  const keeping = Object.entries(accountColumns).filter(([, rule]) => rule === 'keeps')
  const kept = new Map<string, number>()
  for (const [name] of keeping) {
    const id = await stranger(300)
    kept.set(name, id)
    const [table = '', column = ''] = name.split('.')
    await ctx.transact((tx) => fill(tx, (schema as unknown as Record<string, SQLiteTable>)[table]!, { [column]: id }, ana.account.id))
  }
  const free = await stranger(300)
  // Whoever posted long ago would lose their posts first.
  await ctx.transact((tx) =>
    ctx.settings.change(tx, { retention: { strangerPostDays: 0, followedPostDays: 0, remotePostsMax: 0, pictureDays: 0 } })
  )
  await sweep()
  for (const [name, id] of kept) assert.equal(await isKept(id), true, name)
  assert.equal(await isKept(free), false)
})

test('Whom a moderator or their server holds back, who was erased, and whoever a moderator judged stays', async (t) => {
  const { ctx, stranger, sweep, isKept } = await harbour(t)
  const now = ctx.clock.now()
  const held = [
    await stranger(400, { deletedAt: now }),
    await stranger(400, { suspendedAt: now, suspendedBy: 'origin' }),
    await stranger(400, { silencedAt: now }),
    await stranger(400)
  ]
  await ctx.transact(async (tx) => {
    const entry = {
      actorKind: 'instance' as const,
      act: 'account-unsuspended',
      targetKind: 'account' as const,
      target: String(held[3]),
      targetLabel: ''
    }
    await tx.insert(auditEntries).values({ id: tx.newId(), ...entry, createdAt: tx.now })
  })
  await sweep()
  for (const id of held) assert.equal(await isKept(id), true)
})

test('Whoever went is met again as somebody new, and speaks as before', async (t) => {
  const { instance, ctx, ana, sweep } = await harbour(t)
  const far = await remote(t, instance, 'far.test')
  const fay = await far.actor('fay')
  const first = fay.note('before the silence', { to: [everybody], cc: [] })
  assert.equal((await fay.send(fay.activity('Create', first))).status, 202)
  instance.clock.advance(200 * dayMs)
  await sweep()
  await sweep()
  assert.equal(await ctx.db.$count(accounts, eq(accounts.uri, fay.uri)), 0)
  const word = fay.note('after the silence', { to: [ana.account.uri], cc: [], tag: [{ type: 'Mention', href: ana.account.uri }] })
  assert.equal((await fay.send(fay.activity('Create', word))).status, 202)
  const [again] = await ctx.db.select().from(accounts).where(eq(accounts.uri, fay.uri))
  assert.equal(await ctx.db.$count(posts, eq(posts.authorId, again?.id ?? 0)), 1)
})

test('An admin sees how many accounts would go, and one that is met in between stays', async (t) => {
  const { instance, ctx, ana, stranger, isKept, sweep } = await harbour(t)
  const boss = await instance.as('boss', { role: 'admin' })
  const [one, other] = [await stranger(90), await stranger(90)]
  const limits = { strangerPostDays: '0', followedPostDays: '0', remotePostsMax: '0', pictureDays: '0', strangerAccountDays: '60' }
  await boss.submit('/admin/retention/preview', limits)
  await instance.runJobs()
  assert.match(textOf(await boss.page('/admin/retention')), /2 accounts/)
  assert.equal(await isKept(one), true)
  await boss.submit('/admin/retention', limits)
  await ana.submit(`/accounts/${other}/mute`)
  await write(ana, { text: 'hello' })
  await sweep()
  assert.deepEqual([await isKept(one), await isKept(other)], [false, true])
  assert.match(textOf(await boss.page('/admin/retention')), /1 account/)
  assert.equal(await ctx.db.$count(accounts, eq(accounts.id, ana.account.id)), 1)
})
