import { readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { Refusal } from '#server/errors.ts'
import { writeSynced } from '#server/backup/files.ts'
import { syncDirectory } from '#server/platform/sync-directory.ts'

export const manifestName = 'manifest.json'
export const backupFormat = 'skerry-backup-1'
/** Pictures lie here under their hash, shared by every backup made to the same directory. */
export const mediaFolder = 'media'
export const secretsFolder = 'secrets'

const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
/** Below the backup's directory and nowhere else. */
const path = v.pipe(
  v.string(),
  v.check((value) => !/[\\\0]/.test(value) && value.split('/').every((name) => !['', '.', '..'].includes(name)))
)
const part = v.object({ path, sizeBytes: count, sha256: hash })

const schema = v.object({
  format: v.literal(backupFormat),
  note: v.string(),
  /** Moment of the copy of the database, ms since 1970. */
  madeAt: count,
  madeAtText: v.string(),
  /** Version of the code that made it. */
  version: v.string(),
  dialect: v.picklist(['sqlite', 'postgres']),
  origin: v.string(),
  handleDomain: v.string(),
  migrations: v.array(count),
  /** Rows by table. */
  rows: v.record(v.string(), count),
  database: part,
  /** A list of the pictures: one line of JSON with `hash` and `sizeBytes` each. */
  mediaList: part,
  media: v.object({ files: count, bytes: count, missing: v.array(hash) }),
  secrets: v.array(part)
})

export type Manifest = v.InferOutput<typeof schema>
export type Part = Manifest['database']

/** The manifest of a backup. Refuses `missing` when there is none (the directory is no backup, or one that was never finished). */
export async function getManifest(dir: string): Promise<Manifest> {
  const manifest = await findManifest(dir)
  if (!manifest) throw new Refusal('missing', 'backup.incomplete', { dir })
  return manifest
}

/** Refuses `invalid` when there is a manifest that cannot be read. */
export async function findManifest(dir: string): Promise<Manifest | undefined> {
  let text: string
  try {
    text = await readFile(join(dir, manifestName), 'utf8')
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw error
  }
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text)
  if (!parsed.success) throw new Refusal('invalid', 'backup.manifestUnreadable', { dir })
  return parsed.output
}

/** Written last and put in place at once: it is what makes a directory a backup. */
export async function writeManifest(dir: string, manifest: Manifest): Promise<void> {
  const draft = join(dir, `${manifestName}.part`)
  await writeSynced(draft, `${JSON.stringify(manifest, undefined, 2)}\n`)
  await rename(draft, join(dir, manifestName))
  await syncDirectory(dir)
}

/** Times sort by name, and hold no sign that a file system minds. */
export function folderOfMoment(at: number): string {
  return new Date(at).toISOString().replaceAll(/[:.]/g, '-')
}
