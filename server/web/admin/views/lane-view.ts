import type { FastifyRequest } from 'fastify'
import type { JobCount } from '#server/jobs/count-jobs.ts'
import type { DeliveryCount } from '#server/peers/count-deliveries.ts'
import type { AdminQueueView } from '#server/web/admin/views/admin-views.ts'
import { viewTime } from '#server/web/views/view-time.ts'

/** Work that is due and still waits after so long is worth a look. */
const slowMs = 5 * 60_000
const laneNames = ['jobs-quick', 'jobs-slow', 'jobs-fetch', 'deliveries-direct', 'deliveries-fan-out']

interface Count {
  name: string
  state: JobCount['state'] | DeliveryCount['state']
  count: number
  oldestAt: number
}

/** Each lane of the queue in numbers, with the age of the oldest that waits. */
export function viewLanes(
  request: FastifyRequest,
  jobs: readonly JobCount[],
  deliveries: readonly DeliveryCount[]
): AdminQueueView['lanes'] {
  const { t, server } = request
  const counts: Count[] = [
    ...jobs.map((row) => ({ ...row, name: `jobs-${row.lane}` })),
    ...deliveries.map((row) => ({ ...row, name: `deliveries-${row.lane}` }))
  ]
  return laneNames.map((name) => {
    const rows = counts.filter((row) => row.name === name)
    const sum = (...states: Count['state'][]) =>
      rows.filter(({ state }) => states.includes(state)).reduce((total, { count }) => total + count, 0)
    const since = (...states: Count['state'][]) =>
      Math.min(...rows.filter(({ state }) => states.includes(state)).map(({ oldestAt }) => oldestAt))
    const dueSince = since('due')
    // Of jobs only what is due counts, since many are made for a day to come; a delivery waits from the moment it is written.
    const waitsSince = name.startsWith('jobs') ? dueSince : since('due', 'later', 'held')
    const number = (count: number) => t('layout.number', { count })
    return {
      label: t(`admin.lane-${name}`),
      waiting: number(sum('due', 'later')),
      running: number(sum('running')),
      held: name.startsWith('jobs') ? '' : number(sum('held')),
      failed: number(sum('dead')),
      oldest: Number.isFinite(waitsSince) ? viewTime(request, waitsSince).relative : '',
      isBad: sum('dead') > 0 || server.ctx.clock.now() - dueSince > slowMs
    }
  })
}
