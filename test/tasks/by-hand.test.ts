// database: none
import { test } from 'node:test'
import { dailyTasks } from '#test/tasks/daily.ts'
import { Pointer, Thumb } from '#test/tasks/pointer.ts'
import { startIsland } from '#test/tasks/island.ts'
import { tableOf, walk, type Way } from '#test/tasks/walk.ts'

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const ways: Way[] = [
  { name: 'no script', who: 'ana', hasScripts: false, hand: Pointer },
  { name: 'script', who: 'ben', hasScripts: true, hand: Pointer },
  { name: 'thumb, no script', who: 'edo', hasScripts: false, hand: Thumb, window: phone }
]

test('what people do every day takes few clicks and round trips, with a script or without', { timeout: 170_000 }, async (t) => {
  const island = await startIsland(
    t,
    ways.map(({ who }) => who)
  )
  const rows: string[][] = []
  for (const way of ways) rows.push(...(await walk(t, island, way, dailyTasks)))
  t.diagnostic(tableOf(rows))
})
