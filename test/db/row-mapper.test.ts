import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq, sql } from 'drizzle-orm'
import { prepare, type Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { settings } from '#db/schema/moderation.ts'
import { posts } from '#db/schema/posts.ts'
import { openTestDatabase } from '#test/helpers/database.ts'

const queries = {
  'columns of every kind': (db: Reader) => db.select().from(accounts).orderBy(accounts.id),
  'an expression under a name': (db: Reader) =>
    db
      .select({ id: accounts.id, twice: sql<number>`${accounts.id} * 2`.mapWith(Number).as('twice') })
      .from(accounts)
      .orderBy(accounts.id),
  'tables joined inside': (db: Reader) =>
    db.select({ post: posts, author: accounts }).from(posts).innerJoin(accounts, eq(accounts.id, posts.authorId)).orderBy(posts.id),
  'tables joined from outside, some of them missing': (db: Reader) =>
    db
      .select({ account: accounts, post: posts, title: posts.title })
      .from(accounts)
      .leftJoin(posts, eq(accounts.id, posts.authorId))
      .orderBy(accounts.id),
  'some columns of a table that may be missing': (db: Reader) =>
    db
      .select({ id: accounts.id, post: { title: posts.title, id: posts.id } })
      .from(accounts)
      .leftJoin(posts, eq(accounts.id, posts.authorId))
      .orderBy(accounts.id),
  'tables joined without naming columns': (db: Reader) =>
    db.select().from(accounts).leftJoin(posts, eq(accounts.id, posts.authorId)).orderBy(accounts.id),
  json: (db: Reader) => db.select().from(settings)
} as const

for (const [name, build] of Object.entries(queries)) {
  test(`rows of a prepared query are those of the same query built on the spot: ${name}`, async (t) => {
    const { database } = await openTestDatabase(t)
    await database.transact(async (tx) => {
      for (const id of [1, 2]) {
        await tx.insert(accounts).values({
          id,
          name: `n${id}`,
          nameKey: `n${id}`,
          uri: `https://a.test/${id}`,
          isLocked: id === 2,
          fields: [{ name: 'f', valueHtml: 'v' }],
          createdAt: 1_900_000_000_000
        })
      }
      await tx.insert(posts).values({
        id: 5,
        uri: 'https://a.test/5',
        authorId: 2,
        threadId: 5,
        isSensitive: true,
        visibility: 'public',
        isLocal: true,
        createdAt: 1_900_000_000_000
      })
      await tx.insert(settings).values({ key: 'a', value: { list: [1, null] }, updatedAt: 1 })
    })
    const prepared = prepare((db: Reader) => build(db) as never)
    const built: unknown = await build(database.reader)
    assert.deepEqual(await prepared(database.reader, {}), built)
    assert.ok((built as unknown[]).length > 0)
  })
}
