// database: none
import { test } from 'node:test'
import { dailyTasks } from '#test/tasks/daily.ts'
import { Keys } from '#test/tasks/keys.ts'
import { startIsland } from '#test/tasks/island.ts'
import { moderatorTasks } from '#test/tasks/moderating.ts'
import { tableOf, walk } from '#test/tasks/walk.ts'

test('what people and moderators do every day is done by keys alone', { timeout: 170_000 }, async (t) => {
  const island = await startIsland(t, ['cas', 'dag'])
  const rows = [
    ...(await walk(t, island, { name: 'keys', who: 'cas', hasScripts: true, hand: Keys }, dailyTasks)),
    ...(await walk(t, island, { name: 'keys, no script', who: 'dag', hasScripts: false, hand: Keys }, dailyTasks)),
    ...(await walk(t, island, { name: 'keys', who: 'mia', hasScripts: true, hand: Keys }, moderatorTasks))
  ]
  t.diagnostic(tableOf(rows))
})
