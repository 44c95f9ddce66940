import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { chmod, link, open, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { StartError } from '#server/errors.ts'
import { makeOwnDirectory } from '#server/platform/own-directory.ts'
import { syncDirectory } from '#server/platform/sync-directory.ts'

/** The one file of the secrets directory that everything sealed in the database depends on; a backup must hold it too. */
export const secretFileName = 'instance.secret'

const secretBytes = 32
const nonceBytes = 12
const tagBytes = 16
const checksumCharacters = 16
const fileVersion = 'skerry-secret-1'
const sealVersion = 'v1.'
/** Longer than any file of ours; what is longer is not read to its end. */
const fileBytesMax = 4_096

export interface Seal {
  /** AES-256-GCM under a fresh nonce, as printable text with a version in front. */
  seal(plain: string | Uint8Array): string
  /** The bytes that were sealed. Throws when the text was changed, or was sealed with another secret. */
  unseal(sealed: string): Buffer
  /** 32 bytes for one purpose (`cookies`, `csrf`, …), the same at every start; one purpose's key tells nothing of another's. */
  deriveKey(purpose: string): Buffer
}

/**
 * Opens the secret of this instance and makes it at first use: a directory 0700 and a file 0600. Throws StartError when the
 * file is damaged, or when others on this machine could read it: a new secret is never put in place of one that cannot be used,
 * since all that was sealed with it would be lost.
 */
export async function openSeal(secretsDir: string): Promise<Seal> {
  makeOwnDirectory(secretsDir, 'SECRETS_DIR')
  await refuseOpenDirectory(secretsDir)
  const path = join(secretsDir, secretFileName)
  const secret = (await readSecret(path)) ?? (await createSecret(secretsDir, path))
  return sealWith(secret)
}

/** The seal of a secret file that lies somewhere else, such as in a backup. Throws StartError when it is not there or damaged. */
export async function readSeal(path: string): Promise<Seal> {
  const secret = await readSecret(path)
  if (!secret) throw damaged(path)
  return sealWith(secret)
}

/** The seal of a known secret of 32 bytes, for tests and for `openSeal`. */
export function sealWith(secret: Buffer): Seal {
  const deriveKey = (purpose: string) => Buffer.from(hkdfSync('sha256', secret, '', `skerry ${purpose}`, secretBytes))
  const sealKey = deriveKey('seal')
  return {
    deriveKey,
    seal(plain) {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', sealKey, nonce)
      const sealed = Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
      return sealVersion + sealed.toString('base64url')
    },
    unseal(sealed) {
      if (!sealed.startsWith(sealVersion)) throw new Error('This is no sealed value of a version known here.')
      const bytes = Buffer.from(sealed.slice(sealVersion.length), 'base64url')
      if (bytes.length < nonceBytes + tagBytes) throw new Error('A sealed value is cut short.')
      const decipher = createDecipheriv('aes-256-gcm', sealKey, bytes.subarray(0, nonceBytes))
      decipher.setAuthTag(bytes.subarray(-tagBytes))
      const plain = decipher.update(bytes.subarray(nonceBytes, -tagBytes))
      try {
        return Buffer.concat([plain, decipher.final()])
      } catch (error) {
        throw new Error('A sealed value was changed, or was sealed with the secret of another instance.', { cause: error })
      }
    }
  }
}

/** A directory that others may list is closed by us; one that belongs to somebody else cannot be, and is refused. */
async function refuseOpenDirectory(secretsDir: string): Promise<void> {
  const { mode } = await stat(secretsDir)
  if ((mode & 0o077) === 0) return
  try {
    await chmod(secretsDir, 0o700)
  } catch (error) {
    throw new StartError(`Others may look into ${secretsDir}, where the keys lie: run "chmod 700 ${secretsDir}".`, { cause: error })
  }
}

async function readSecret(path: string): Promise<Buffer | undefined> {
  const file = await openIfThere(path)
  if (!file) return undefined
  try {
    const { mode, size } = await file.stat()
    if ((mode & 0o077) !== 0) {
      throw new StartError(
        `Others on this machine may read ${path}: run "chmod 600 ${path}", and consider whether the keys are still secret.`
      )
    }
    if (size > fileBytesMax) throw damaged(path)
    return parseSecret(await file.readFile('utf8'), path)
  } finally {
    await file.close()
  }
}

async function openIfThere(path: string) {
  try {
    return await open(path, constants.O_RDONLY)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new StartError(`${path} cannot be read: ${(error as Error).message}`, { cause: error })
  }
}

/** One line: version, the secret in base64url, and the start of its SHA-256, so that damage is seen and not used as a key. */
function parseSecret(text: string, path: string): Buffer {
  const [version, encoded = '', checksum, ...more] = text.trimEnd().split(' ')
  const secret = Buffer.from(encoded, 'base64url')
  const isWhole = version === fileVersion && secret.length === secretBytes && checksum === checksumOf(secret) && more.length === 0
  if (!isWhole) throw damaged(path)
  return secret
}

function checksumOf(secret: Buffer): string {
  return createHash('sha256').update(secret).digest('hex').slice(0, checksumCharacters)
}

function damaged(path: string): StartError {
  return new StartError(`${path} is damaged: put it back from a backup. Without it the keys of all accounts here cannot be opened.`)
}

/**
 * Written aside and linked into place, so that of two processes that start at once one wins, the other reads the winner's, and
 * neither ever sees half a file.
 */
async function createSecret(secretsDir: string, path: string): Promise<Buffer> {
  const secret = randomBytes(secretBytes)
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(`${fileVersion} ${secret.toString('base64url')} ${checksumOf(secret)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  try {
    await link(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    const winners = await readSecret(path)
    if (!winners) throw error
    return winners
  } finally {
    await unlink(draft)
  }
  await syncDirectory(secretsDir)
  return secret
}
