import { statfs } from 'node:fs/promises'
import type { FastifyRequest } from 'fastify'
import { findLastBackupAt } from '#server/backup/last-backup.ts'
import type { Context } from '#server/context.ts'
import { countJobs, type JobCount } from '#server/jobs/count-jobs.ts'
import { countWaiting } from '#server/moderation/count-waiting.ts'
import { countDeliveries, type DeliveryCount } from '#server/peers/count-deliveries.ts'
import { countPeers } from '#server/peers/count-peers.ts'
import { countUsage } from '#server/peers/count-people.ts'
import type { Translate } from '#server/platform/messages.ts'
import type { AdminDashboardView, AdminQueueView } from '#server/web/admin/views/admin-views.ts'
import { viewLanes } from '#server/web/admin/views/lane-view.ts'
import { sizeText } from '#server/web/admin/views/size-text.ts'
import { viewTime } from '#server/web/views/view-time.ts'

const lowDiskBytes = 2_000_000_000

/** Counted once a page: a long queue takes its time. */
export interface QueueCounts {
  jobs: JobCount[]
  deliveries: DeliveryCount[]
}

export async function countQueue({ db, clock }: Context): Promise<QueueCounts> {
  const now = clock.now()
  return { jobs: await countJobs(db, now), deliveries: await countDeliveries(db, now) }
}

/** What waits for a person, and what failed for good. */
export async function waitingOf(
  { t, who, server }: FastifyRequest,
  { jobs, deliveries }: QueueCounts
): Promise<AdminDashboardView['waiting']> {
  const waiting = await countWaiting(server.ctx.db, who)
  const dead = [...jobs, ...deliveries].filter(({ state }) => state === 'dead')
  return [
    { label: t('admin.reports'), count: waiting.reports, path: '/admin/reports' },
    { label: t('admin.signUps'), count: waiting.signUps, path: '/admin/sign-ups' },
    { label: t('admin.failed'), count: dead.reduce((sum, { count }) => sum + count, 0), path: '/admin/queue' }
  ]
}

/** How the instance is doing, in numbers. */
export async function viewFigures(request: FastifyRequest, { jobs, deliveries }: QueueCounts): Promise<AdminDashboardView['figures']> {
  const { t, server } = request
  const { ctx } = server
  const now = ctx.clock.now()
  const [usage, peers, bytes, disk, backupAt] = await Promise.all([
    countUsage(ctx.db, now),
    countPeers(ctx.db),
    ctx.database.sizeBytes(),
    statfs(ctx.config.dataDir),
    findLastBackupAt(ctx.db)
  ])
  const number = (count: number) => t('layout.number', { count })
  const size = (count: number) => sizeText(t, count)
  const figure = (label: string, value: string, note?: string, isBad = false) => ({ label: t(label), value, note, isBad })
  const freeBytes = disk.bavail * disk.bsize
  const lanes = viewLanes(request, jobs, deliveries)
  return [
    figure('admin.figurePeople', number(usage.people), t('admin.figureActive', { count: usage.activeMonth })),
    figure('admin.figurePosts', number(usage.posts)),
    figure('admin.figurePeers', number(peers.known), peers.failing > 0 ? t('admin.figureFailing', { count: peers.failing }) : undefined),
    ...lanes.map((lane) => ({
      label: lane.label,
      value: t('admin.figureWaiting', { count: lane.waiting }),
      note: noteOf(lane, t),
      isBad: lane.isBad
    })),
    figure('admin.figureDatabase', size(bytes), t('admin.dialect', { dialect: ctx.config.database.dialect })),
    figure('admin.figureDisk', size(freeBytes), undefined, freeBytes < lowDiskBytes),
    figure(
      'admin.figureBackup',
      backupAt === undefined ? t('admin.never') : viewTime(request, backupAt).text,
      backupAt === undefined ? undefined : viewTime(request, backupAt).relative,
      backupAt === undefined
    )
  ]
}

function noteOf({ oldest, failed, isBad }: AdminQueueView['lanes'][number], t: Translate): string | undefined {
  if (oldest !== '') return t('admin.figureOldest', { oldest })
  return isBad ? t('admin.figureFailed', { count: failed }) : undefined
}
