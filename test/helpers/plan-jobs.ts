import { readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'

export type Database = 'sqlite' | 'postgres'

/** What one process does: a test file, or one that imports several, on one database. */
export interface Job {
  file: string
  /** What it is called in the report. */
  title: string
  database: Database
}

const filesPerProcess = 14
const keepsAlone =
  /child_process|helpers\/(browser|programs)|flows\/processes|promises\/|memoryUsage|architecture|worker_threads|process\.(on|env)\b|web\/(bad-input|crawler)\//
/** These walk the whole site, draw it in a browser, or kill servers: they take longest, and begin first. */
const longest = /web\/(bad-|crawler|attacks-vis|every-page|pages-look|states)|\/(flows|promises|commands|tasks)\//
const names = { sqlite: 'SQLite', postgres: 'PostgreSQL' } as const

interface Plan {
  root: string
  /** Where files that gather others are written. */
  scratch: string
  /** The one database that is asked for; both when absent. */
  only: Database | undefined
  /** Whether files may share a process. */
  isShared: boolean
}

/** What there is to run, in the order in which it begins. Files that have no database run once, under the name of the first. */
export function planJobs(files: readonly string[], { root, scratch, only, isShared }: Plan): Job[] {
  const sources = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]))
  const isFree = (file: string) => file.includes('/test/platform/') || /database: none/.test(sources.get(file)!.split('\n', 1)[0] ?? '')
  const jobsOn = (database: Database, some: string[]): Job[] => {
    const { alone, shares } = isShared ? sharing(some, sources) : { alone: some, shares: [] }
    const gathered = shares.map((share, at) => ({
      file: gather(share, join(scratch, `shared-${database}-${at + 1}.test.ts`)),
      title: `${names[database]}: ${share.length} files, of ${foldersOf(share, root)}`
    }))
    return [...alone.map((file) => ({ file, title: `${names[database]}: ${relative(root, file)}` })), ...gathered].map((job) => ({
      ...job,
      database
    }))
  }
  const bound = files.filter((file) => !isFree(file))
  const jobs = [...(only === 'sqlite' ? [] : jobsOn('postgres', bound)), ...(only === 'postgres' ? [] : jobsOn('sqlite', [...files]))]
  return [...jobs.filter(({ file }) => longest.test(file)), ...jobs.filter(({ file }) => !longest.test(file))]
}

/**
 * Files share a process by the dozen, as one file that imports them: loading the code costs more than most of them take. Those that start
 * processes or a browser, look at the memory of their own, or walk the whole site stay alone.
 */
function sharing(files: string[], sources: Map<string, string>): { alone: string[]; shares: string[][] } {
  const alone = files.filter((file) => keepsAlone.test(sources.get(file)!))
  const others = files.filter((file) => !alone.includes(file))
  const shares = Array.from({ length: Math.ceil(others.length / filesPerProcess) }, () => ({ tests: 0, files: [] as string[] }))
  // The largest first, each to whoever has least: so all take about as long, and none is still at work when the others are done.
  const sized = others.map((file) => ({ file, tests: sources.get(file)!.match(/\btest\(/g)?.length ?? 1 }))
  for (const { file, tests } of sized.sort((one, other) => other.tests - one.tests)) {
    const smallest = shares.reduce((least, share) => (share.tests < least.tests ? share : least))
    smallest.tests += tests
    smallest.files.push(file)
  }
  return { alone, shares: shares.map((share) => share.files) }
}

function gather(files: string[], path: string): string {
  writeFileSync(path, files.map((file) => `import ${JSON.stringify(pathToFileURL(file).href)}\n`).join(''))
  return path
}

function foldersOf(files: string[], root: string): string {
  return [...new Set(files.map((file) => relative(join(root, 'test'), file).split('/', 1)[0]!))].sort().join(', ')
}
