import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blocks, follows } from '#db/schema/follows.ts'
import { media } from '#db/schema/media.ts'
import { reports } from '#db/schema/moderation.ts'
import { notifications } from '#db/schema/notifications.ts'
import { pollVotes } from '#db/schema/polls.ts'
import { favourites, pins, posts } from '#db/schema/posts.ts'
import { reactions } from '#db/schema/reactions.ts'
import { type Bounds, startWatch } from '#test/attacks/watch.ts'
import { startWorld, type World } from '#test/federation/attack-world.ts'
import type { InstanceOptions } from '#test/helpers/instance.ts'

/** What an attack would like to leave behind. */
const tables = { posts, notifications, follows, favourites, reactions, blocks, reports, pins, pollVotes, media }

type Left = Partial<Record<keyof typeof tables, number>>

/** What came back, over a socket or through the door of a person. */
export interface Answered {
  status?: number
  statusCode?: number
  text?: string
  body?: string
}

/** One attack: what is sent, what must be answered, and what must not be there after. */
export interface Case {
  /** As in list.ts. */
  id: string
  /** What is sent; the name of the test goes on with it. */
  sends: string
  options?: InstanceOptions
  /** What is so beforehand; not part of the attack. */
  before?(world: World): Promise<unknown> | undefined
  send(world: World): Promise<Answered | Answered[]>
  /** The status, or each of those that are right. Not looked at when absent. */
  answer?: number | readonly number[]
  /** Rows more than before, by table; nothing may be there that is not named. */
  leaves?: Left
  /** Requests that other servers may be asked because of it, at most. */
  asksMax?: number
  /** What else must be so, after all jobs have run. */
  after?(world: World): Promise<void> | void
  bounds?: Partial<Bounds>
}

/** Makes each case a test of its own, with a world of its own that is watched meanwhile. */
export function attacks(cases: readonly Case[]): void {
  for (const one of cases) {
    test(nameOf(one), async (t) => {
      const world = await startWorld(t, one.options)
      await attack(world, one)
    })
  }
}

/** The same against one world, one after the other: for attacks that leave nothing behind, or nothing that is in the way of others. */
export function attacksInTurn(title: string, cases: readonly Case[], options: InstanceOptions = {}): void {
  test(title, async (t) => {
    const world = await startWorld(t, options)
    for (const one of cases) await t.test(nameOf(one), () => attack(world, one))
  })
}

const nameOf = ({ id, sends }: Case) => `${id}: ${sends}`

async function attack(world: World, one: Case): Promise<void> {
  await one.before?.(world)
  const before = await countRows(world)
  const askedBefore = world.fetches().length
  const loggedBefore = world.instance.logged.length
  const watch = startWatch(one.bounds?.keptBytesMax !== undefined)
  const answers = [await one.send(world)].flat()
  await world.instance.runJobs()
  await watch.hold(one.bounds)
  for (const { status, statusCode, text, body } of answers) {
    const said = status ?? statusCode ?? 0
    if (one.answer !== undefined) assert.ok([one.answer].flat().includes(said), `${said} ${(text ?? body ?? '').slice(0, 300)}`)
  }
  const after = await countRows(world)
  for (const name of Object.keys(tables) as (keyof typeof tables)[])
    assert.equal(after[name] - before[name], one.leaves?.[name] ?? 0, `rows of ${name}`)
  const asked = world.fetches().slice(askedBefore)
  assert.ok(asked.length <= (one.asksMax ?? Number.POSITIVE_INFINITY), `asked: ${asked.join(', ')}`)
  await one.after?.(world)
  // Whatever was sent, nothing of ours broke.
  const broken = world.instance.logged.slice(loggedBefore).filter((line) => Number(line.level) >= 50)
  assert.deepEqual(broken, [])
}

async function countRows({ instance }: World): Promise<Record<keyof typeof tables, number>> {
  const counted = await Promise.all(Object.entries(tables).map(async ([name, rows]) => [name, await instance.ctx.db.$count(rows)] as const))
  return Object.fromEntries(counted) as Record<keyof typeof tables, number>
}
