import { closeSync, fsyncSync, openSync } from 'node:fs'

/** Puts a file's bytes, or the names in a directory, onto the disk. */
export function syncPath(path: string): void {
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
