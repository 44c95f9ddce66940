/**
 * The process that the kill test kills: it acknowledges writes on its standard output and works its queue at the same time.
 * Arguments: SQLite file, PostgreSQL URL (or empty), milliseconds its clock is ahead, first number to write.
 */
import { sql } from 'drizzle-orm'
import { openDatabase } from '#db/open.ts'
import { attempts, invites } from '#db/schema/sign-in.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { createIds } from '#server/platform/ids.ts'
import { createRandom } from '#server/platform/random.ts'
import { workerOver } from '#test/helpers/jobs.ts'

const [file = '', url = '', aheadMs = '0', first = '0'] = process.argv.slice(2)
const clock = { now: () => Date.now() + Number(aheadMs) }
const database = await openDatabase(
  { sqliteFile: file, postgresUrl: url },
  { now: clock.now, newId: createIds(clock, createRandom()), react: async () => {} },
  () => {}
)

const { worker } = workerOver(database, clock, {
  effect: async (ctx, input: { n: number }, job) => {
    await ctx.transact(async (tx) => {
      await tx
        .insert(attempts)
        .values({ key: `effect ${input.n}`, count: 1, windowEndsAt: 0 })
        .onConflictDoUpdate({ target: attempts.key, set: { count: sql`${attempts.count} + 1` } })
      await job.finish(tx)
    })
  }
})
if (first === 'drain') {
  await worker.drain()
  await database.close()
} else {
  worker.start()
  for (let n = Number(first); ; n++) {
    await database.transact(async (tx) => {
      await tx.insert(invites).values({ id: tx.newId(), code: `write ${n}`, createdBy: 1, usesLeft: 1, createdAt: tx.now })
      await enqueue(tx, { kind: 'effect', input: { n }, orderKey: `k${n % 5}` })
    })
    process.stdout.write(`${n}\n`)
  }
}
