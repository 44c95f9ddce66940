import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { BrowserContextOptions, Page } from 'playwright-core'
import type { Task } from '#test/tasks/daily.ts'
import { type Hand, until } from '#test/tasks/hand.ts'
import { Keys } from '#test/tasks/keys.ts'
import { Thumb } from '#test/tasks/pointer.ts'
import { type Island, origin } from '#test/tasks/island.ts'

export interface Way {
  name: string
  /** Who goes it: votes, lists and passwords are everybody's own. */
  who: string
  hasScripts: boolean
  hand: new (page: Page, hasScripts: boolean) => Hand
  window?: BrowserContextOptions
}

/** What a phone adds: its menu. */
const tapsMore = 1
const focusMsMax = 1_000
const heads = ['task', 'way', 'round trips', 'keys or clicks', 'letters', 'focus at the end']

/** Does all tasks, each from home, and holds what they cost and where they end; gives a row of the table for each. */
export async function walk(t: TestContext, island: Island, way: Way, tasks: Task[]): Promise<string[][]> {
  const rows: string[][] = []
  await t.test(way.name, async (ofWay) => {
    const context = await island.enter(ofWay, way.who, { javaScriptEnabled: way.hasScripts, ...way.window })
    for (const task of tasks) {
      await ofWay.test(task.name, async () => {
        const page = await context.newPage()
        try {
          await page.goto(`${origin}/home`)
          const hand = new way.hand(page, way.hasScripts)
          await task.run(hand, island, way.who)
          const said = async () => {
            const { role, name } = await hand.focus()
            return `${role} "${name}"`
          }
          const focus = await until(said, (each) => task.ends.test(each), focusMsMax)
          const { trips, acts, letters } = hand.takeCost()
          rows.push([task.name, way.name, String(trips), String(acts), String(letters), focus])
          assert.match(focus, task.ends)
          const { costs } = task
          assert.ok(trips <= costs.trips, `${trips} round trips, ${costs.trips} at most`)
          const actsMax = way.hand === Keys ? costs.keys : costs.clicks + (way.hand === Thumb ? tapsMore : 0)
          assert.ok(acts <= actsMax, `${acts} keys or clicks, ${actsMax} at most`)
        } finally {
          await page.close()
        }
      })
    }
  })
  return rows
}

/** The rows as a table, task by task. */
export function tableOf(rows: string[][]): string {
  const lines = [heads, ...[...Map.groupBy(rows, ([task]) => task).values()].flat()]
  const widths = heads.map((_, at) => Math.max(...lines.map((row) => row[at]!.length)))
  return `\n${lines.map((row) => row.map((cell, at) => cell.padEnd(widths[at]!)).join('  ')).join('\n')}`
}
