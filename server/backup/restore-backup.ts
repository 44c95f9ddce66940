import { existsSync } from 'node:fs'
import { readFile, rename } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { sql } from 'drizzle-orm'
import { type DatabasePlace, loadCopy, readCopy } from '#db/copies.ts'
import { requireRole, type Who } from '#server/accounts/who.ts'
import { checkBackup } from '#server/backup/check-backup.ts'
import { fingerprintOf, makePrivateFolder, writeSynced } from '#server/backup/files.ts'
import { folderOfMoment, getManifest, type Manifest } from '#server/backup/manifest.ts'
import { readMediaList } from '#server/backup/media-list.ts'
import { mediaPath } from '#server/backup/media-store.ts'
import { openAsItIs, withOpenCopy } from '#server/backup/open-copy.ts'
import { type Settled, settleRestored } from '#server/backup/settle-restored.ts'
import { type Ground, refuseOtherDialect } from '#server/backup/verify-backup.ts'
import type { Config } from '#server/config.ts'
import { Refusal } from '#server/errors.ts'
import type { Clock } from '#server/platform/clock.ts'
import { databasePlaceOf } from '#server/platform/database-place.ts'
import { lockForServer } from '#server/platform/server-lock.ts'
import { createDiskStorage } from '#server/platform/storage.ts'

export interface Restored extends Settled {
  manifest: Manifest
  /** Where the old database went; undefined when there was none. */
  asideDir: string | undefined
}

/**
 * Makes this instance what a backup holds: pictures and keys first, the database last and all at once, so that a restore that breaks off
 * leaves the old database as it was. Every byte is checked before anything changes. Refuses `conflict` while a server runs here, when the
 * database holds people or posts (unless `isForced`, which keeps a copy), when the backup is of another origin or kind of database, or when
 * the clock stands before the backup (ids would be given twice).
 */
export async function restoreBackup(
  { config, clock }: Ground,
  who: Who,
  input: { dir: string; isForced: boolean; onStep?: (key: string) => void }
): Promise<Restored> {
  requireRole(who, 'owner')
  const dir = resolve(input.dir)
  const onStep = input.onStep ?? (() => {})
  const manifest = await getManifest(dir)
  refuseOtherDialect(manifest, config)
  refuseOtherOrigin(manifest, config)
  if (clock.now() < manifest.madeAt) throw new Refusal('conflict', 'backup.clockBehind', { madeAt: manifest.madeAtText })
  await makePrivateFolder(config.dataDir)
  const lock = lockForServer(config.dataDir)
  if (!lock) throw new Refusal('conflict', 'backup.serverRuns', { dir: config.dataDir })
  try {
    onStep('backup.stepHashes')
    await checkBackup(dir, manifest)
    const file = join(dir, manifest.database.path)
    await readCopy(file)
    const place = databasePlaceOf(config)
    const old = await lookAt(place, config, clock)
    if (old === 'used' && !input.isForced) throw new Refusal('conflict', 'backup.notEmpty')

    const asideDir = join(config.dataDir, 'before-restore', folderOfMoment(clock.now()))
    if (old !== 'absent') await keepOld(place, config, clock, asideDir)
    onStep('backup.stepPictures')
    await restorePictures(dir, manifest, config)
    onStep('backup.stepKeys')
    await restoreSecrets(dir, manifest, config, asideDir)
    onStep('backup.stepDatabase')
    let settled: Settled | undefined
    await loadCopy(file, place, {
      asideDir,
      finish: (loaded) =>
        withOpenCopy(loaded, clock, async (database) => {
          settled = await database.transact((tx) => settleRestored(tx, who, manifest))
        })
    })
    return { manifest, asideDir: old === 'absent' ? undefined : asideDir, ...settled! }
  } finally {
    lock.release()
  }
}

function refuseOtherOrigin(manifest: Manifest, config: Config): void {
  const differs = (name: string, backup: string, here: string) => new Refusal('conflict', 'backup.otherOrigin', { name, backup, here })
  if (manifest.origin !== config.origin) throw differs('ORIGIN', manifest.origin, config.origin)
  if (manifest.handleDomain !== config.handleDomain) throw differs('HANDLE_DOMAIN', manifest.handleDomain, config.handleDomain)
}

/** Whether there is a database, and somebody or something in it. One that cannot be read counts as used: it may be what is to be saved. */
async function lookAt(place: DatabasePlace, config: Config, clock: Clock): Promise<'absent' | 'empty' | 'used'> {
  if (config.database.dialect === 'sqlite' && !existsSync(place.sqliteFile)) return 'absent'
  try {
    const database = await openAsItIs(place, clock)
    try {
      if ((await database.schemaVersion()).applied === 0) return 'empty'
      const [row] = await database.reader.rows(sql`select (select count(*) from users) + (select count(*) from posts) as used`)
      return Number(row?.used) > 0 ? 'used' : 'empty'
    } finally {
      await database.close()
    }
  } catch (error) {
    if (config.database.dialect === 'sqlite') return 'used'
    throw error
  }
}

/** SQLite's files are moved aside as they are when the new one takes their place; PostgreSQL's tables would be gone, so they are copied. */
async function keepOld(place: DatabasePlace, config: Config, clock: Clock, asideDir: string): Promise<void> {
  await makePrivateFolder(asideDir)
  if (config.database.dialect === 'sqlite') return
  const database = await openAsItIs(place, clock)
  try {
    await database.copyTo(join(asideDir, 'database.copy'))
  } finally {
    await database.close()
  }
}

async function restorePictures(dir: string, manifest: Manifest, config: Config): Promise<void> {
  const storage = await createDiskStorage(join(config.dataDir, 'media'))
  for await (const { hash } of readMediaList(join(dir, manifest.mediaList.path))) {
    if (!(await storage.has(hash))) await storage.put(hash, await readFile(mediaPath(dir, hash)))
  }
}

/** Keys that stand here and differ are kept beside the old database, which they belong to. */
async function restoreSecrets(dir: string, manifest: Manifest, config: Config, asideDir: string): Promise<void> {
  await makePrivateFolder(config.secretsDir)
  for (const { path, sha256 } of manifest.secrets) {
    const target = join(config.secretsDir, basename(path))
    const here = await fingerprintOf(target)
    if (here?.sha256 === sha256) continue
    if (here) {
      await makePrivateFolder(asideDir)
      await rename(target, join(asideDir, basename(path)))
    }
    await writeSynced(target, await readFile(join(dir, path)))
  }
}
