import { makeBackup } from '#server/backup/make-backup.ts'
import type { Answer, Ground } from '#server/commands/run-command.ts'
import type { Context } from '#server/context.ts'

const MiB = 1024 ** 2

/** Makes a backup while the instance runs. */
export async function run({ ctx, args, t, say }: Ground & { ctx: Context }): Promise<Answer> {
  const { manifest, newPictures } = await makeBackup(ctx, { kind: 'operator' }, { dir: args[0]!, onStep: (key) => say(t(key)) })
  const { database, media, secrets } = manifest
  const value = {
    dir: args[0]!,
    madeAt: manifest.madeAt,
    databaseBytes: database.sizeBytes,
    pictures: media.files,
    newPictures,
    missingPictures: media.missing.length,
    secrets: secrets.length
  }
  const lines = [t('command.backedUp', { ...value, megabytes: Math.ceil((database.sizeBytes + media.bytes) / MiB) })]
  if (media.missing.length > 0) lines.push(t('command.backupMissing', { count: media.missing.length }))
  return { value, lines: [...lines, t('command.backupSecret')] }
}
