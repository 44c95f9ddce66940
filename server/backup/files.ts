import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { chmod, type FileHandle, mkdir, open, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Readable } from 'node:stream'

/** What a backup holds is secret, so nobody else may read its files or look into its directories. */
const fileMode = 0o600
export const directoryMode = 0o700

export interface Fingerprint {
  sizeBytes: number
  sha256: string
}

/** Size and SHA-256 of a file; undefined when it is not there. */
export async function fingerprintOf(path: string): Promise<Fingerprint | undefined> {
  if ((await sizeOf(path)) === undefined) return undefined
  return fingerprint(createReadStream(path), async () => {})
}

/** Size of a file; undefined when it is not there. */
export async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw error
  }
}

/** Writes a file that is safe on the disk once this resolves; one that stood there is overwritten. */
export async function writeSynced(path: string, content: string | Uint8Array): Promise<void> {
  await withNewFile(path, async (file) => file.writeFile(content))
}

/** Writes what a stream gives into a file, and tells what it was. */
export async function copyStream(source: Readable, path: string): Promise<Fingerprint> {
  return withNewFile(path, (file) => fingerprint(source, async (piece) => void (await file.write(piece))))
}

/** A folder for oneself; one that others could look into is closed. */
export async function makePrivateFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: directoryMode })
  await chmod(path, directoryMode)
}

async function withNewFile<T>(path: string, write: (file: FileHandle) => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true, mode: directoryMode })
  await rm(path, { force: true })
  const file = await open(path, 'wx', fileMode)
  try {
    const written = await write(file)
    await file.sync()
    return written
  } finally {
    await file.close()
  }
}

async function fingerprint(source: Readable, also: (piece: Buffer) => Promise<void>): Promise<Fingerprint> {
  const hash = createHash('sha256')
  let sizeBytes = 0
  for await (const piece of source as AsyncIterable<Buffer>) {
    hash.update(piece)
    sizeBytes += piece.length
    await also(piece)
  }
  return { sizeBytes, sha256: hash.digest('hex') }
}
