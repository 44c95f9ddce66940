import type { Context } from '#server/context.ts'
import type { FactName, Reactions } from '#server/facts.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import type { Loop } from '#server/jobs/loop.ts'
import { type Schedule, scheduleKind } from '#server/jobs/schedules.ts'
import type { JobHandler, JobKinds } from '#server/jobs/worker.ts'
import type { Tx } from '#db/reader.ts'

/** Everything a worker can run: the later reactions of every fact, the schedules, and jobs that actions enqueue by name. */
export function createJobKinds(
  reactions: Reactions,
  schedules: readonly Schedule[],
  named: Record<string, JobHandler>,
  otherLoops: (ctx: Context) => Loop[]
): JobKinds {
  const handlers = new Map<string, JobHandler>(Object.entries(named))
  for (const [fact, { later }] of Object.entries(reactions)) {
    for (const [name, reaction] of Object.entries(later ?? {})) handlers.set(reactionKind(fact, name), reaction.run as JobHandler)
  }
  for (const schedule of schedules) handlers.set(scheduleKind(schedule.name), (ctx) => schedule.run(ctx))
  return { handlers, schedules, otherLoops }
}

/** What `tx.react` does: together reactions now, one job for each later one. */
export function reactWith(reactions: Reactions): (tx: Tx, fact: string, ids: object) => Promise<void> {
  return async (tx, fact, ids) => {
    const reaction = reactions[fact as FactName]
    for (const together of reaction?.together ?? []) await together(tx, ids as never)
    for (const [name, later] of Object.entries(reaction?.later ?? {})) {
      const orderKey = later.orderKey?.(ids as never)
      await enqueue(tx, {
        kind: reactionKind(fact, name),
        input: { ...ids },
        lane: later.lane ?? 'quick',
        ...(orderKey === undefined ? {} : { orderKey })
      })
    }
  }
}

function reactionKind(fact: string, name: string): string {
  return `${fact}: ${name}`
}
