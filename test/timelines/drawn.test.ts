import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Shown } from '#server/timelines/choices.ts'
import { homeRead } from '#server/timelines/home.ts'
import { listRead } from '#server/timelines/list.ts'
import { publicRead, taggedRead } from '#server/timelines/public.ts'
import { countNewer, readTimeline, type TimelineRead } from '#server/timelines/read-page.ts'
import type { TimelinePage } from '#server/timelines/rows.ts'
import { createWorld } from '#test/posts/world.ts'
import { type DrawnPost, draw, write } from '#test/timelines/drawn-world.ts'
import { naivePage, naiveTimelines } from '#test/timelines/naive-timelines.ts'

const firstSeed = Number(process.env.SEED ?? 4_711)
const rounds = Number(process.env.TIMELINE_ROUNDS ?? 14)
const end = Number.MAX_SAFE_INTEGER
const shownOf = (at: number): Shown => ({ hidesBoosts: at % 3 === 1, hidesReplies: at % 4 === 2 })

test('home with tags, exclusive lists and choices, lists, tags and federated are what the rules say, in either direction and page by page', async (t) => {
  const world = await createWorld(t)
  const { ctx } = world
  const seen = { rows: 0, tagged: 0, boosts: 0 }
  for (let round = 0; round < rounds; round++) {
    const drawn = draw(firstSeed + round)
    await write(world, drawn)
    const naive = naiveTimelines(drawn)
    const shown = shownOf(round)
    const list = drawn.lists[round % 2]!
    const cases: [string, TimelineRead, DrawnPost[]][] = [
      ['home', await homeRead(ctx, drawn.me, shown), naive.home(shown)],
      ['list', await listRead(ctx, { ...list, accountId: drawn.me }, shown), naive.list(list, shown)],
      ['federated', await publicRead(ctx, drawn.me, 'federated', shown), naive.federated(shown)],
      ['tag', await taggedRead(ctx, drawn.me, 'sea', shown), naive.tagged('sea', shown)]
    ]
    for (const [name, read, rows] of cases) {
      const what = `${name}, seed ${firstSeed + round}`
      const ids = rows.map(({ id }) => id)
      assert.deepEqual(await readAll(read, 'older'), ids, `${what}, downwards`)
      assert.deepEqual(await readAll(read, 'newer'), ids.toReversed(), `${what}, upwards`)
      await checkPages(ctx, read, rows, what)
      seen.rows += ids.length
      seen.boosts += rows.filter(({ boostOfId }) => boostOfId !== null).length
      seen.tagged += name === 'home' ? rows.filter(({ tags }) => tags.some((tag) => drawn.tags.includes(tag))).length : 0
    }
  }
  assert.ok(seen.rows > rounds * 20 && seen.boosts > rounds && seen.tagged > rounds, JSON.stringify(seen))
})

/** Every candidate that is shown, a few at a time. */
async function readAll(read: TimelineRead, direction: 'older' | 'newer'): Promise<number[]> {
  const ids: number[] = []
  let between = { before: end, after: 0 }
  for (;;) {
    const candidates = await read(direction, between, 7)
    ids.push(...candidates.flatMap(({ id, isShown }) => (isShown ? id : [])))
    const last = candidates.at(-1)
    if (!last || candidates.length < 7) return ids
    between = direction === 'older' ? { ...between, before: last.cursor } : { ...between, after: last.cursor }
  }
}

async function checkPages(
  { db }: Parameters<typeof homeRead>[0],
  read: TimelineRead,
  rows: readonly DrawnPost[],
  what: string
): Promise<void> {
  const first = await readTimeline(db, read, { limit: 6 })
  checkPage(first, naivePage(rows, end, 6), `${what}, first page`)
  const middle = rows[Math.floor(rows.length / 2)]
  if (!middle) return
  const older = await readTimeline(db, read, { limit: 6, beforeId: middle.id })
  checkPage(older, naivePage(rows, middle.id, 6), `${what}, older page`)
  // What lies above the older page begins right above it, and going up page by page misses nothing.
  assert.equal(older.newerCursor, middle.id - 1)
  const above = new Set<number>()
  let cursor: number | undefined = middle.id - 1
  while (cursor !== undefined) {
    const page = await readTimeline(db, read, { limit: 6, newerThanId: cursor })
    const ids = idsOf(page)
    assert.deepEqual(
      ids,
      ids.toSorted((a, b) => b - a),
      `${what}, newest first`
    )
    assert.ok(page.rows.length <= 6 && ids.every((id) => id > cursor!))
    assert.equal(page.olderCursor, cursor + 1)
    for (const row of page.rows) above.add(row.boostOfId ?? row.id)
    assert.ok(page.newerCursor === undefined || page.newerCursor > cursor, `${what} goes on`)
    cursor = page.newerCursor
  }
  const expected = new Set(rows.filter(({ id }) => id >= middle.id).map((row) => row.boostOfId ?? row.id))
  assert.deepEqual([...above].sort(), [...expected].sort(), `${what}, upwards page by page`)
  const since = rows[Math.min(3, rows.length - 1)]!.id
  assert.equal(await countNewer(read, since), new Set(rows.filter(({ id }) => id > since).map((row) => row.boostOfId ?? row.id)).size)
  const around = idsOf(await readTimeline(db, read, { limit: 6, aroundId: middle.id }))
  assert.ok(around.includes(middle.id), `${what}, around`)
  assert.ok(around.filter((id) => id > middle.id).length <= 3)
}

/** A page that looked at many rows which are not shown may stay short, and leads on. */
function checkPage(page: TimelinePage, expected: number[], what: string): void {
  const ids = idsOf(page)
  assert.deepEqual(ids, page.olderCursor === undefined ? expected : expected.slice(0, ids.length), what)
}

function idsOf({ rows }: { rows: { id: number }[] }): number[] {
  return rows.map(({ id }) => id)
}
