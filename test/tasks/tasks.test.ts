// database: none
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { dailyTasks } from '#test/tasks/daily.ts'
import { type Hand, Keys, Pointer, Thumb, until } from '#test/tasks/hand.ts'
import { origin, startIsland } from '#test/tasks/island.ts'
import { moderatorTasks } from '#test/tasks/moderating.ts'

interface Way {
  name: string
  /** Who goes it: votes, lists and passwords are everybody's own. */
  who: string
  hasScripts: boolean
  hand: new (page: Page, hasScripts: boolean) => Hand
  window?: BrowserContextOptions
}

const ways: Way[] = [
  { name: 'no script', who: 'ana', hasScripts: false, hand: Pointer },
  { name: 'script', who: 'ben', hasScripts: true, hand: Pointer },
  { name: 'keys', who: 'cas', hasScripts: true, hand: Keys },
  { name: 'keys, no script', who: 'dag', hasScripts: false, hand: Keys },
  {
    name: 'thumb, no script',
    who: 'edo',
    hasScripts: false,
    hand: Thumb,
    window: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
  }
]

/** What a phone adds: its menu, and once more where it stands behind another page. */
const tapsMore = 2

test('what people do every day is done in few steps, whichever way they do it', { timeout: 170_000 }, async (t) => {
  const island = await startIsland(t, [...ways.map(({ who }) => who), 'fay'])
  const rows: string[][] = []
  for (const way of ways) {
    await t.test(way.name, async (ofWay) => {
      const context = await island.enter(ofWay, way.who, { javaScriptEnabled: way.hasScripts, ...way.window })
      for (const task of dailyTasks) {
        await ofWay.test(task.name, async () => {
          const page = await context.newPage()
          try {
            await page.goto(`${origin}/home`)
            const hand = new way.hand(page, way.hasScripts)
            await task.run(hand, island, way.who)
            const described = async () => {
              const { role, name } = await hand.focus()
              return `${role} "${name}"`
            }
            const focus = await until(described, (said) => task.ends.test(said), 1_000)
            const { trips, acts, letters } = hand.takeCost()
            rows.push([task.name, way.name, String(trips), String(acts), String(letters), focus])
            assert.match(focus, task.ends)
            const { costs } = task
            const tripsMax = way.hasScripts ? costs.tripsOfScript : costs.trips
            assert.ok(trips <= tripsMax, `${trips} round trips, ${tripsMax} at most`)
            const actsMax = way.hand === Keys ? costs.keys : costs.clicks + (way.hand === Thumb ? tapsMore : 0)
            assert.ok(acts <= actsMax, `${acts} keys or clicks, ${actsMax} at most`)
          } finally {
            await page.close()
          }
        })
      }
    })
  }

  await t.test('moderators need no mouse either', async (ofPanel) => {
    const context = await island.enter(ofPanel, 'mia')
    for (const task of moderatorTasks) {
      await ofPanel.test(task.name, async () => {
        const page = await context.newPage()
        await page.goto(`${origin}/home`)
        const hand = new Keys(page, true)
        await task.run(hand, island, 'mia')
        const { role, name } = await hand.focus()
        const { trips, acts, letters } = hand.takeCost()
        rows.push([task.name, 'keys', String(trips), String(acts), String(letters), `${role} "${name}"`])
        assert.match(`${role} "${name}"`, task.ends)
        assert.ok(trips <= task.costs.tripsOfScript, `${trips} round trips`)
        assert.ok(acts <= task.costs.keys, `${acts} keys`)
        await page.close()
      })
    }
  })

  const heads = ['task', 'way', 'round trips', 'keys or clicks', 'letters', 'focus at the end']
  const widths = heads.map((head, at) => Math.max(head.length, ...rows.map((row) => row[at]!.length)))
  const line = (row: string[]) => row.map((cell, at) => cell.padEnd(widths[at]!)).join('  ')
  t.diagnostic(`\n${[heads, ...rows.sort(([one], [other]) => order(one!) - order(other!))].map(line).join('\n')}`)
})

function order(name: string): number {
  return [...dailyTasks, ...moderatorTasks].findIndex((task) => task.name === name)
}
