import { chmodSync, existsSync, mkdtempSync, readdirSync, readlinkSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fastDirectory } from '#test/helpers/fast-directory.ts'

const prefix = 'skerry-tests-'

/**
 * The one directory for all that this run of tests writes, and the temporary directory of whatever it starts: what a killed test leaves there goes
 * with it. It lies in memory where there is room, unless what is measured is the disk. A test file that runs by itself (`node --test`) has one of its own; under `npm test` all files share that of the run.
 */
export function openScratch({ onDisk = false } = {}): string {
  const given = tmpdir()
  if (basename(given).startsWith(prefix)) return given
  const parent = onDisk ? given : fastDirectory()
  removeForgotten(parent)
  const dir = mkdtempSync(join(parent, `${prefix}${processes()}-${process.pid}-`))
  // PostgreSQL, which refuses to run as root, has its place within and must get there.
  chmodSync(dir, 0o711)
  process.env.TMPDIR = dir
  process.once('exit', () => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }))
  return dir
}

/** A file that the first process of a run to need it makes, and all others read. Two may make it at the same time: either is as good. */
export async function onceARun(name: string, make: (file: string) => Promise<void>): Promise<string> {
  const file = join(openScratch(), name)
  if (existsSync(file)) return file
  const draft = `${file}-${process.pid}`
  await make(draft)
  renameSync(draft, file)
  return file
}

/** Nobody who was killed outright could remove anything: the next run does. */
function removeForgotten(parent: string): void {
  const ended = new RegExp(`^${prefix}${processes()}-(\\d+)-`)
  for (const name of readdirSync(parent)) {
    const pid = ended.exec(name)?.[1]
    if (pid !== undefined && !isRunning(Number(pid))) rmSync(join(parent, name), { recursive: true, force: true, maxRetries: 5 })
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Names the set of processes that numbers of processes are of: containers may share a directory, and each has its process 1. */
function processes(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0'
  } catch {
    return '0' // Not Linux: there is one set.
  }
}
