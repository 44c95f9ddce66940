import { opendir, readFile, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { asc, gt } from 'drizzle-orm'
import { copyFileName, readCopy } from '#db/copies.ts'
import { mediaFiles } from '#db/schema/media.ts'
import { requireRole, type Who } from '#server/accounts/who.ts'
import { fingerprintOf, makePrivateFolder, writeSynced } from '#server/backup/files.ts'
import { noteBackup, noteBackupFailure } from '#server/backup/last-backup.ts'
import {
  backupFormat,
  findManifest,
  folderOfMoment,
  type Manifest,
  manifestName,
  mediaFolder,
  type Part,
  secretsFolder,
  writeManifest
} from '#server/backup/manifest.ts'
import { writeMediaList } from '#server/backup/media-list.ts'
import { copyPicture, removeOtherPictures } from '#server/backup/media-store.ts'
import type { Context } from '#server/context.ts'
import { syncDirectory } from '#server/platform/sync-directory.ts'
import { version } from '#server/version.ts'
import { Refusal } from '#server/errors.ts'
import { lockDirectory } from '#server/platform/server-lock.ts'

const lockName = 'backup.lock'
const mediaListName = 'media.jsonl'
const hashesPerRead = 1_000
const momentFolder = /^\d{4}-\d\d-\d\dT[\dZ-]+$/
const note =
  'This backup is secret: it holds the keys of this instance, the password hashes and private posts of its people. Keep it as safe as the server.'

/** What was copied by hash; undefined for a picture that the store has no longer, or has damaged. */
type Pictures = Map<string, { sizeBytes: number; isNew: boolean } | undefined>

export interface MadeBackup {
  manifest: Manifest
  /** Pictures that were not in the directory yet. */
  newPictures: number
}

/**
 * Copies everything that makes this instance into a directory, while it runs: the database at one moment, every picture that moment
 * knows, and the keys. A second backup to the same directory copies only new pictures, and the first stays good until the second is
 * whole: the manifest is written last. Refuses `conflict` a directory that holds something else or takes another backup just now.
 */
export async function makeBackup(ctx: Context, who: Who, input: { dir: string; onStep?: (key: string) => void }): Promise<MadeBackup> {
  requireRole(who, 'admin')
  const dir = resolve(input.dir)
  try {
    await refuseOtherUse(ctx, dir)
    await makePrivateFolder(dir)
    const lock = lockDirectory(dir, lockName)
    if (!lock) throw new Refusal('conflict', 'backup.busy', { dir })
    try {
      return await fill(ctx, dir, input.onStep ?? (() => {}))
    } finally {
      lock.release()
    }
  } catch (error) {
    await tellOfFailure(ctx, error)
    throw error
  }
}

/** Most backups are started by a timer whose output nobody reads. One that only found another at work is no failure. */
async function tellOfFailure(ctx: Context, error: unknown): Promise<void> {
  if (error instanceof Refusal && error.key === 'backup.busy') return
  try {
    await ctx.transact(noteBackupFailure)
  } catch (notNoted) {
    ctx.log.error({ err: notNoted }, 'that a backup failed could not be noted')
  }
}

async function fill(ctx: Context, dir: string, onStep: (key: string) => void): Promise<MadeBackup> {
  // Pictures first: one that is deleted while the backup is made has then been copied before the database forgot it.
  onStep('backup.stepPictures')
  const pictures: Pictures = new Map()
  await copyPictures(ctx, dir, pictures)

  onStep('backup.stepDatabase')
  const madeAt = ctx.clock.now()
  const folder = folderOfMoment(madeAt)
  await removeOtherFolders(dir, (await findManifest(dir))?.database.path.split('/')[0])
  await makePrivateFolder(join(dir, folder))
  const database = `${folder}/${copyFileName()}`
  await ctx.database.copyTo(join(dir, database))
  const { migrations, rows } = await readCopy(join(dir, database))

  // Those that came between the two, which the copy may know too.
  await copyPictures(ctx, dir, pictures)
  const listed = [...pictures].flatMap(([hash, found]) => (found ? [{ hash, sizeBytes: found.sizeBytes }] : []))
  const mediaList = `${folder}/${mediaListName}`
  await writeSynced(join(dir, mediaList), writeMediaList(listed))

  onStep('backup.stepKeys')
  const secrets = await copySecrets(ctx.config.secretsDir, dir, `${folder}/${secretsFolder}`)
  await syncDirectory(join(dir, folder))
  const manifest: Manifest = {
    format: backupFormat,
    note,
    madeAt,
    madeAtText: new Date(madeAt).toISOString(),
    version,
    dialect: ctx.config.database.dialect,
    origin: ctx.config.origin,
    handleDomain: ctx.config.handleDomain,
    migrations,
    rows,
    database: await partOf(dir, database),
    mediaList: await partOf(dir, mediaList),
    media: {
      files: listed.length,
      bytes: listed.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      missing: [...pictures].flatMap(([hash, found]) => (found ? [] : [hash]))
    },
    secrets
  }
  await writeManifest(dir, manifest)
  await removeOtherFolders(dir, folder)
  await removeOtherPictures(dir, new Set(listed.map(({ hash }) => hash)))
  await ctx.transact((tx) => noteBackup(tx, madeAt))
  return { manifest, newPictures: [...pictures.values()].filter((found) => found?.isNew).length }
}

/** A directory of other things is not ours to fill, and the data directory would be a backup of itself. */
async function refuseOtherUse(ctx: Context, dir: string): Promise<void> {
  const own = [ctx.config.dataDir, ctx.config.secretsDir].map((path) => resolve(path))
  if (own.includes(dir)) throw new Refusal('conflict', 'backup.intoItself', { dir })
  const names = await namesIn(dir)
  const isOurs = (name: string) =>
    [manifestName, `${manifestName}.part`, mediaFolder, 'lost+found'].includes(name) || name.startsWith(lockName) || momentFolder.test(name)
  const stranger = names.find((name) => !isOurs(name))
  if (stranger !== undefined) throw new Refusal('conflict', 'backup.otherFiles', { dir, name: stranger })
}

async function namesIn(dir: string): Promise<string[]> {
  try {
    const names: string[] = []
    for await (const { name } of await opendir(dir)) names.push(name)
    return names
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') throw new Refusal('conflict', 'backup.notADirectory', { dir })
    throw error
  }
}

/** Copies the pictures that the database knows and `pictures` does not have yet. */
async function copyPictures(ctx: Context, dir: string, pictures: Pictures): Promise<void> {
  for (let after = ''; ; ) {
    const files = await ctx.db
      .select({ hash: mediaFiles.hash })
      .from(mediaFiles)
      .where(gt(mediaFiles.hash, after))
      .orderBy(asc(mediaFiles.hash))
      .limit(hashesPerRead)
    for (const { hash } of files) {
      if (!pictures.get(hash)) pictures.set(hash, await copyPicture(ctx.storage, dir, hash))
    }
    if (files.length < hashesPerRead) return
    after = files.at(-1)!.hash
  }
}

async function copySecrets(secretsDir: string, dir: string, folder: string): Promise<Part[]> {
  const parts: Part[] = []
  await makePrivateFolder(join(dir, folder))
  for await (const entry of await opendir(secretsDir)) {
    if (!entry.isFile()) continue
    const path = `${folder}/${entry.name}`
    await writeSynced(join(dir, path), await readFile(join(secretsDir, entry.name)))
    parts.push(await partOf(dir, path))
  }
  return parts
}

async function partOf(dir: string, path: string): Promise<Part> {
  const found = await fingerprintOf(join(dir, path))
  if (!found) throw new Error(`${path} of the backup is gone.`)
  return { path, ...found }
}

/** Folders of earlier backups, and of those that were broken off. */
async function removeOtherFolders(dir: string, kept: string | undefined): Promise<void> {
  for (const name of await namesIn(dir)) {
    if (momentFolder.test(name) && name !== kept) await rm(join(dir, name), { recursive: true, force: true })
  }
}
