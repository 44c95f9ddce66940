import { constants } from 'node:fs'
import { open } from 'node:fs/promises'

/** Puts onto the disk what was made, renamed or removed in a directory: without it a crash may take the names back. */
export async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, constants.O_RDONLY)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
