import { and, eq, lte } from 'drizzle-orm'
import { schedules } from '#db/schema/jobs.ts'
import type { Context } from '#server/context.ts'
import { enqueue } from '#server/jobs/enqueue.ts'

/** A task that comes back. It runs as an ordinary job of kind `schedule: <name>`, one at a time over all processes. */
export interface Schedule {
  name: string
  everyMs: number
  run(ctx: Context): Promise<void>
}

/** Writes a job for each schedule that is due; the row's update decides among processes. A missed turn is made up once, not many times. */
export async function runDueSchedules(ctx: Context, all: readonly Schedule[]): Promise<void> {
  const known = new Map((await ctx.db.select().from(schedules)).map((row) => [row.name, row.nextRunAt]))
  const now = ctx.clock.now()
  const due = all.filter((schedule) => (known.get(schedule.name) ?? 0) <= now)
  if (due.length === 0) return
  await ctx.transact(async (tx) => {
    for (const schedule of due) {
      const next = { name: schedule.name, nextRunAt: tx.now + schedule.everyMs }
      const won = await tx
        .insert(schedules)
        .values(next)
        .onConflictDoUpdate({
          target: schedules.name,
          set: next,
          setWhere: and(eq(schedules.name, schedule.name), lte(schedules.nextRunAt, tx.now))
        })
        .returning({ name: schedules.name })
      if (won.length > 0)
        await enqueue(tx, { kind: scheduleKind(schedule.name), input: {}, lane: 'slow', onceKey: scheduleKind(schedule.name) })
    }
  })
}

export function scheduleKind(name: string): string {
  return `schedule: ${name}`
}
