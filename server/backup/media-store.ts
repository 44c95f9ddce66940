import { mkdir, opendir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { copyStream, directoryMode, sizeOf } from '#server/backup/files.ts'
import { mediaFolder } from '#server/backup/manifest.ts'
import type { Storage } from '#server/platform/storage.ts'

const hashShape = /^[0-9a-f]{64}$/

/** Where a picture lies in a backup. */
export function mediaPath(dir: string, hash: string): string {
  return join(dir, mediaFolder, hash.slice(0, 2), hash)
}

/**
 * Copies a picture into a backup unless it lies there: a name is the hash of what it names, so the same name and size is the same
 * picture. Undefined when the store has it no longer, or has something else under its name.
 */
export async function copyPicture(storage: Storage, dir: string, hash: string): Promise<{ sizeBytes: number; isNew: boolean } | undefined> {
  const opened = await storage.open(hash)
  if (!opened) return undefined
  const path = mediaPath(dir, hash)
  if ((await sizeOf(path)) === opened.sizeBytes) {
    opened.stream.destroy()
    return { sizeBytes: opened.sizeBytes, isNew: false }
  }
  const draft = `${path}.part`
  const found = await copyStream(opened.stream, draft)
  if (found.sha256 !== hash) {
    await rm(draft, { force: true })
    return undefined
  }
  await rename(draft, path)
  return { sizeBytes: found.sizeBytes, isNew: true }
}

/** Removes from a backup what is not among `kept`: pictures deleted since, and drafts of a backup that was broken off. */
export async function removeOtherPictures(dir: string, kept: ReadonlySet<string>): Promise<void> {
  const root = join(dir, mediaFolder)
  await mkdir(root, { recursive: true, mode: directoryMode })
  for await (const folder of await opendir(root)) {
    if (!folder.isDirectory()) continue
    for await (const { name } of await opendir(join(root, folder.name))) {
      if (!hashShape.test(name) || !kept.has(name)) await rm(join(root, folder.name, name), { force: true })
    }
  }
}
