import { join, resolve } from 'node:path'
import { asc, isNotNull } from 'drizzle-orm'
import { loadCopy, readCopy, withScratchDatabase } from '#db/copies.ts'
import type { Reader } from '#db/reader.ts'
import { accountKeys } from '#db/schema/accounts.ts'
import { mediaFiles } from '#db/schema/media.ts'
import { requireRole, type Who } from '#server/accounts/who.ts'
import { checkBackup } from '#server/backup/check-backup.ts'
import { getManifest, type Manifest } from '#server/backup/manifest.ts'
import { readMediaList } from '#server/backup/media-list.ts'
import { withOpenCopy } from '#server/backup/open-copy.ts'
import type { Config } from '#server/config.ts'
import { Refusal } from '#server/errors.ts'
import type { Clock } from '#server/platform/clock.ts'
import { readSeal, secretFileName } from '#server/platform/seal.ts'

/** What a backup is worked with before there is an instance: the configuration and the time. */
export interface Ground {
  config: Config
  clock: Clock
}

/**
 * Proves that a backup can be restored, by restoring it: reads every byte against its hash, builds a scratch database of it, and asks
 * whether pages, keys between tables, row counts, the pictures listed and the key of the instance fit together. Refuses `invalid` with the
 * first thing that does not, `conflict` when it was made on the other kind of database.
 */
export async function verifyBackup(
  { config, clock }: Ground,
  who: Who,
  input: { dir: string; onStep?: (key: string) => void }
): Promise<Manifest> {
  requireRole(who, 'admin')
  const dir = resolve(input.dir)
  const onStep = input.onStep ?? (() => {})
  const manifest = await getManifest(dir)
  refuseOtherDialect(manifest, config)
  onStep('backup.stepHashes')
  await checkBackup(dir, manifest)
  const file = join(dir, manifest.database.path)
  const { rows } = await readCopy(file)
  compareRows(manifest.rows, rows)

  onStep('backup.stepScratch')
  await withScratchDatabase(config.database.url, (place) => {
    const asideDir = join(config.dataDir, 'scratch-aside')
    return loadCopy(file, place, {
      asideDir,
      finish: (loaded) => withOpenCopy(loaded, clock, (database) => examine(database, dir, manifest))
    })
  })
  return manifest
}

/** A copy of one kind of database cannot be read by the other. */
export function refuseOtherDialect(manifest: Manifest, config: Config): void {
  if (manifest.dialect !== config.database.dialect) throw new Refusal('conflict', 'backup.otherDialect', { dialect: manifest.dialect })
}

async function examine(database: { reader: Reader; problems(): Promise<string[]> }, dir: string, manifest: Manifest): Promise<void> {
  const [problem] = await database.problems()
  if (problem !== undefined) throw new Refusal('invalid', 'backup.problem', { problem })
  await comparePictures(database.reader, dir, manifest)
  await tryKey(database.reader, dir, manifest)
}

function compareRows(said: Record<string, number>, found: Record<string, number>): void {
  for (const table of Object.keys({ ...said, ...found })) {
    if (said[table] !== found[table])
      throw new Refusal('invalid', 'backup.rowsDiffer', { table, said: said[table] ?? 0, found: found[table] ?? 0 })
  }
}

async function comparePictures(db: Reader, dir: string, manifest: Manifest): Promise<void> {
  const listed = new Set(manifest.media.missing)
  for await (const { hash } of readMediaList(join(dir, manifest.mediaList.path))) listed.add(hash)
  const files = await db.select({ hash: mediaFiles.hash }).from(mediaFiles)
  const unlisted = files.find(({ hash }) => !listed.has(hash))
  if (unlisted) throw new Refusal('invalid', 'backup.pictureUnlisted', { hash: unlisted.hash })
}

/** The secret of the backup must open the keys of the backup: either is worthless without the other. */
async function tryKey(db: Reader, dir: string, manifest: Manifest): Promise<void> {
  const [key] = await db
    .select({ sealed: accountKeys.privateSealed })
    .from(accountKeys)
    .where(isNotNull(accountKeys.privateSealed))
    .orderBy(asc(accountKeys.id))
    .limit(1)
  if (!key?.sealed) return
  const secret = manifest.secrets.find(({ path }) => path.endsWith(`/${secretFileName}`))
  if (!secret) throw new Refusal('invalid', 'backup.partMissing', { name: secretFileName })
  const seal = await readSeal(join(dir, secret.path))
  try {
    seal.unseal(key.sealed)
  } catch {
    throw new Refusal('invalid', 'backup.secretDiffers')
  }
}
