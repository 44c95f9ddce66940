import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accounts } from '#db/schema/accounts.ts'
import { follows } from '#db/schema/follows.ts'
import type { Tx } from '#db/reader.ts'
import { posts } from '#db/schema/posts.ts'
import { listMembers, lists } from '#db/schema/timelines.ts'
import { home } from '#server/timelines/home.ts'
import { listed } from '#server/timelines/list.ts'
import type { Page } from '#server/timelines/pages.ts'
import type { TimelinePage } from '#server/timelines/rows.ts'
import { type Instance, startInstance } from '#test/helpers/instance.ts'

/** How often each author writes: some all the time, most now and then, some never. */
const shares = [...Array.from({ length: 4 }, () => 40), ...Array.from({ length: 20 }, () => 6), ...Array.from({ length: 24 }, () => 1)]
const silent = 12
const firstAuthor = 1_000
const firstPost = 10_000

test('a home and a list of people who write much, little and never show every post once, in order, in both directions', async (t) => {
  const instance = await startInstance(t)
  const { account } = await instance.as('ana')
  const ids = await write(instance, account.id)
  const list = { id: 1, accountId: account.id, repliesPolicy: 'members' as const }
  const reads = {
    home: (page: Page) => home(instance.ctx, account.id, page),
    list: (page: Page) => listed(instance.ctx, list, page)
  }
  for (const [name, read] of Object.entries(reads)) {
    for (const limit of [40, 7]) {
      assert.deepEqual(await downwards(read, limit), ids, `${name}, ${limit} a page`)
      assert.deepEqual(await upwards(read, limit), ids, `${name} from below, ${limit} a page`)
    }
  }
})

/** Ids of the posts of all authors, the newest first. */
async function write({ ctx }: Instance, viewerId: number): Promise<number[]> {
  const authors = shares.flatMap((share, at) => Array.from({ length: share }, () => firstAuthor + at))
  // Always the same order, in which those who write much stand close together at times.
  const drawn = authors.map((author, at) => ({ author, at: (at * 7_919) % 1_009 })).sort((a, b) => a.at - b.at)
  const rows = drawn.map(({ author }, at) => {
    const id = firstPost + at
    const uri = `https://far.test/posts/${id}`
    return { id, uri, authorId: author, threadId: id, html: '', visibility: 'public' as const, isLocal: false, createdAt: id }
  })
  const everybody = Array.from({ length: shares.length + silent }, (_, at) => firstAuthor + at)
  await ctx.transact(async (tx) => {
    await addAuthors(tx, everybody)
    for (let at = 0; at < rows.length; at += 50) await tx.insert(posts).values(rows.slice(at, at + 50))
    await tx.insert(follows).values(
      everybody.map((followedId) => ({
        id: followedId,
        followerId: viewerId,
        followedId,
        state: 'accepted' as const,
        uri: `urn:${followedId}`,
        createdAt: 1
      }))
    )
    await tx.insert(lists).values({ id: 1, accountId: viewerId, title: 'All', createdAt: 1 })
    await tx
      .insert(listMembers)
      .values(everybody.map((accountId) => ({ id: accountId, listId: 1, ownerId: viewerId, accountId, createdAt: 1 })))
  })
  return rows.map(({ id }) => id).reverse()
}

async function addAuthors(tx: Tx, ids: readonly number[]): Promise<void> {
  await tx.insert(accounts).values(
    ids.map((id) => {
      const uri = `https://far.test/users/a${id}`
      return {
        id,
        name: `a${id}`,
        nameKey: `a${id}`,
        domain: 'far.test',
        uri,
        inboxUrl: `${uri}/inbox`,
        followersUrl: `${uri}/followers`,
        createdAt: 1
      }
    })
  )
}

type Read = (page: Page) => Promise<TimelinePage>

async function downwards(read: Read, limit: number): Promise<number[]> {
  const found: number[] = []
  for (let beforeId: number | undefined; ; ) {
    const { rows, olderCursor } = await read({ limit, beforeId })
    found.push(...rows.map(({ id }) => id))
    if (olderCursor === undefined) return found
    beforeId = olderCursor
  }
}

async function upwards(read: Read, limit: number): Promise<number[]> {
  const found: number[] = []
  for (let newerThanId = 1; ; ) {
    const { rows, newerCursor } = await read({ limit, newerThanId })
    found.unshift(...rows.map(({ id }) => id))
    if (newerCursor === undefined) return found
    newerThanId = newerCursor
  }
}
