import { verifyBackup } from '#server/backup/verify-backup.ts'
import type { Answer, Ground } from '#server/commands/run-command.ts'
import { createClock } from '#server/platform/clock.ts'

/** Proves that a backup can be restored, by restoring it into a scratch database. */
export async function run({ config, args, t, say }: Ground): Promise<Answer> {
  const manifest = await verifyBackup(
    { config, clock: createClock() },
    { kind: 'operator' },
    { dir: args[0]!, onStep: (key) => say(t(key)) }
  )
  const value = { dir: args[0]!, isOk: true, madeAt: manifest.madeAt, pictures: manifest.media.files, rows: manifest.rows }
  return { value, lines: [t('command.backupGood', { at: manifest.madeAtText, version: manifest.version })] }
}
