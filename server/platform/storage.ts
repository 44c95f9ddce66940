import { randomBytes } from 'node:crypto'
import { constants, createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, opendir, readFile, rename, rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { syncDirectory } from '#server/platform/sync-directory.ts'

/** A draft older than this (ms) was left behind by a crash; writing one takes seconds. */
export const draftMsMax = 10 * 60_000

/** Keys are SHA-256 in lower case hex and nothing else, so that no key can name a place outside the store. */
const storageKey = /^[0-9a-f]{64}$/
const keyPrefix = /^[0-9a-f]{2}$/

export interface StoredFile {
  key: string
  sizeBytes: number
  /** When it was last put, ms since 1970 by the clock of the store. */
  putAt: number
}

/** Bytes under the hash of their content. Disk today; the shape is what an object store can do as well. */
export interface Storage {
  /** Keeps the bytes; once it resolves they survive a crash. Putting a key again refreshes its `putAt`. */
  put(key: string, bytes: Uint8Array): Promise<void>
  get(key: string): Promise<Buffer | undefined>
  /** For answers: the size, and a stream that its taker reads to the end or destroys. */
  open(key: string): Promise<{ sizeBytes: number; stream: Readable } | undefined>
  has(key: string): Promise<boolean>
  /** Removing what is not there is no error. */
  remove(key: string): Promise<void>
  /** All files, or those whose key begins with two given hex digits; in no order. */
  list(prefix?: string): AsyncIterable<StoredFile>
  /** Bytes free and bytes there are, for the admin's pages; undefined where a store has no such bound. */
  space(): Promise<{ freeBytes: number; totalBytes: number } | undefined>
}

/** Files below `dir`, in 256 times 256 folders; drafts lie in one folder of the same file system and are renamed into place. */
export async function createDiskStorage(dir: string): Promise<Storage> {
  const drafts = join(dir, 'drafts')
  await mkdir(drafts, { recursive: true, mode: 0o700 })
  await sweepDrafts(drafts)

  const folderOf = (key: string) => join(dir, key.slice(0, 2), key.slice(2, 4))
  const pathOf = (key: string) => join(folderOf(checkKey(key)), key)

  return {
    async put(key, bytes) {
      const path = pathOf(key)
      const folder = folderOf(key)
      const draft = join(drafts, randomBytes(12).toString('hex'))
      try {
        await writeAndSync(draft, bytes)
        const made = await mkdir(folder, { recursive: true, mode: 0o700 })
        await rename(draft, path)
        await syncDirectory(folder)
        if (made !== undefined) await syncDirectory(join(dir, key.slice(0, 2))).then(() => syncDirectory(dir))
      } catch (error) {
        await rm(draft, { force: true })
        throw error
      }
    },
    get: (key) => unlessMissing(readFile(pathOf(key))),
    async open(key) {
      const file = await unlessMissing(open(pathOf(key), constants.O_RDONLY))
      if (!file) return undefined
      const { size } = await sizeOrClose(file)
      return { sizeBytes: size, stream: createReadStream('', { fd: file }) }
    },
    has: async (key) => (await unlessMissing(stat(pathOf(key)))) !== undefined,
    remove: (key) => rm(pathOf(key), { force: true }),
    async *list(prefix) {
      if (prefix !== undefined && !keyPrefix.test(prefix)) throw new Error('A prefix of the store is two hex digits.')
      const tops = prefix === undefined ? await foldersIn(dir) : [prefix]
      for (const top of tops) {
        for (const below of await foldersIn(join(dir, top))) yield* filesIn(join(dir, top, below))
      }
    },
    async space() {
      const { bsize, bavail, blocks } = await statfs(dir)
      return { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
    }
  }
}

function checkKey(key: string): string {
  if (!storageKey.test(key)) throw new Error('A key of the store is a SHA-256 in lower case hex.')
  return key
}

async function writeAndSync(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function sizeOrClose(file: FileHandle) {
  try {
    return await file.stat()
  } catch (error) {
    await file.close()
    throw error
  }
}

/** Another process of this instance may be writing at this moment, so only old drafts go. */
async function sweepDrafts(drafts: string): Promise<void> {
  for await (const entry of await opendir(drafts)) {
    const path = join(drafts, entry.name)
    const found = await unlessMissing(stat(path))
    if (found && Date.now() - found.mtimeMs > draftMsMax) await rm(path, { force: true })
  }
}

async function foldersIn(dir: string): Promise<string[]> {
  const folders: string[] = []
  const entries = await unlessMissing(opendir(dir))
  if (entries) for await (const entry of entries) if (entry.isDirectory() && keyPrefix.test(entry.name)) folders.push(entry.name)
  return folders
}

async function* filesIn(folder: string): AsyncGenerator<StoredFile> {
  const entries = await unlessMissing(opendir(folder))
  if (!entries) return
  for await (const { name } of entries) {
    if (!storageKey.test(name)) continue
    const found = await unlessMissing(stat(join(folder, name)))
    if (found) yield { key: name, sizeBytes: found.size, putAt: Math.trunc(found.mtimeMs) }
  }
}

/** Files come and go while we look; one that is not there is an answer, every other failure is an error. */
async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
