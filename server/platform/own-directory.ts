import { mkdirSync } from 'node:fs'
import { StartError } from '#server/errors.ts'

const ownerOnly = 0o700

/** Makes a directory of this instance (mode 0700) where it is missing. Throws StartError, which names the setting that leads there and the remedy. */
export function makeOwnDirectory(path: string, setting: 'DATA_DIR' | 'SECRETS_DIR'): void {
  try {
    mkdirSync(path, { recursive: true, mode: ownerOnly })
  } catch (error) {
    throw new StartError(
      `The directory ${path} (${setting}) cannot be made (${(error as Error).message}): set ${setting} to a directory that this user may write to.`,
      { cause: error }
    )
  }
}
