import { join } from 'node:path'
import { fingerprintOf } from '#server/backup/files.ts'
import type { Manifest } from '#server/backup/manifest.ts'
import { readMediaList } from '#server/backup/media-list.ts'
import { mediaPath } from '#server/backup/media-store.ts'
import { Refusal } from '#server/errors.ts'

/** Reads every byte of a backup and compares it with what the manifest says. Refuses `invalid` at the first part that differs or is not there. */
export async function checkBackup(dir: string, manifest: Manifest): Promise<void> {
  const parts = [manifest.database, manifest.mediaList, ...manifest.secrets]
  for (const { path, sizeBytes, sha256 } of parts) await check(join(dir, path), path, sizeBytes, sha256)
  for await (const { hash, sizeBytes } of readMediaList(join(dir, manifest.mediaList.path))) {
    await check(mediaPath(dir, hash), `media/${hash}`, sizeBytes, hash)
  }
}

async function check(file: string, name: string, sizeBytes: number, sha256: string): Promise<void> {
  const found = await fingerprintOf(file)
  if (!found) throw new Refusal('invalid', 'backup.partMissing', { name })
  if (found.sizeBytes !== sizeBytes || found.sha256 !== sha256) throw new Refusal('invalid', 'backup.partDamaged', { name })
}
