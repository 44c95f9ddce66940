import { columns, moment } from '#server/commands/columns.ts'
import type { Answer, Ground } from '#server/commands/run-command.ts'
import type { Context } from '#server/context.ts'
import { countJobs, deadJobs } from '#server/jobs/count-jobs.ts'
import { countDeliveries, deadDeliveries } from '#server/peers/count-deliveries.ts'

const deadShownMax = 20
const errorCharactersMax = 160

/** Shows what waits, what is due, and what failed for good. */
export async function run({ ctx, t }: Ground & { ctx: Context }): Promise<Answer> {
  const now = ctx.clock.now()
  const value = {
    jobs: await countJobs(ctx.db, now),
    deliveries: await countDeliveries(ctx.db, now),
    deadJobs: await deadJobs(ctx.db, deadShownMax),
    deadDeliveries: await deadDeliveries(ctx.db, deadShownMax)
  }
  const dead = [
    ...value.deadJobs.map((row) => [String(row.id), row.kind, moment(row.deadAt), firstLine(row.lastError)]),
    ...value.deadDeliveries.map((row) => [String(row.id), row.inboxUrl, moment(row.deadAt), firstLine(row.lastError)])
  ]
  const lines = [
    t('command.jobsHead'),
    ...listOr(
      t('command.none'),
      value.jobs.map((row) => [row.lane, row.state, String(row.count), moment(row.oldestAt), row.kind])
    ),
    t('command.deliveriesHead'),
    ...listOr(
      t('command.none'),
      value.deliveries.map((row) => [
        row.lane,
        row.state,
        String(row.count),
        moment(row.oldestAt),
        t('command.hosts', { count: row.hosts })
      ])
    ),
    t('command.deadHead', { count: deadShownMax }),
    ...listOr(t('command.none'), dead)
  ]
  return { value, lines }
}

function listOr(none: string, rows: string[][]): string[] {
  return (rows.length === 0 ? [none] : columns(rows)).map((line) => `  ${line}`)
}

function firstLine(error: string | null): string {
  return (error ?? '-').split('\n', 1)[0]!.slice(0, errorCharactersMax)
}
