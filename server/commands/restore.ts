import { restoreBackup } from '#server/backup/restore-backup.ts'
import type { Answer, Ground } from '#server/commands/run-command.ts'
import { createClock } from '#server/platform/clock.ts'

/** Makes this instance what a backup holds. */
export async function run({ config, args, options, t, say }: Ground): Promise<Answer> {
  const input = { dir: args[0]!, isForced: options.force === true, onStep: (key: string) => say(t(key)) }
  const restored = await restoreBackup({ config, clock: createClock() }, { kind: 'operator' }, input)
  const { manifest, asideDir = null, deliveriesAside, jobsAside } = restored
  const value = { dir: args[0]!, madeAt: manifest.madeAt, asideDir, deliveriesAside, jobsAside }
  const lines = [t('command.restored', { at: manifest.madeAtText })]
  if (deliveriesAside + jobsAside > 0) lines.push(t('command.restoredAside', { deliveries: deliveriesAside, jobs: jobsAside }))
  if (asideDir !== null) lines.push(t('command.restoredKept', { dir: asideDir }))
  return { value, lines }
}
