/**
 * Writes what the schema has become as a new migration of both dialects: `npm run migrations -- <name>`.
 * With the name of the last migration, and only while that has not been released, it is written afresh. What drizzle-kit has no words for
 * (full-text search) stands in `by-hand/<dialect>/<name>.sql` and is put at the end.
 */
import { spawnSync } from 'node:child_process'
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

interface Journal {
  entries: { idx: number; tag: string }[]
}

const root = join(import.meta.dirname, '..')
const kit = join(createRequire(import.meta.url).resolve('drizzle-kit'), '..', 'bin.cjs')
const name = process.argv[2]
if (name === undefined) {
  console.error('Say what the migration is about: npm run migrations -- <name>')
  process.exit(2)
}

for (const dialect of ['sqlite', 'postgres']) {
  removeLast(join(root, 'db/migrations', dialect), name)
  const config = `db/dialects/${dialect}/drizzle.config.ts`
  const run = spawnSync(process.execPath, [kit, 'generate', '--config', config, '--name', name], { cwd: root, encoding: 'utf8' })
  if (run.status !== 0) {
    console.error(run.stdout, run.stderr)
    process.exit(1)
  }
  appendByHand(dialect, name)
}

function appendByHand(dialect: string, ofName: string): void {
  const file = join(root, 'db/by-hand', dialect, `${ofName}.sql`)
  if (!existsSync(file)) return
  const folder = join(root, 'db/migrations', dialect)
  const last = (JSON.parse(readFileSync(join(folder, 'meta', '_journal.json'), 'utf8')) as Journal).entries.at(-1)
  if (!last?.tag.endsWith(`_${ofName}`)) throw new Error(`There is no migration ${ofName} to which ${file} could be put.`)
  appendFileSync(join(folder, `${last.tag}.sql`), `--> statement-breakpoint\n${readFileSync(file, 'utf8')}`)
}

/** Takes the last migration back if it has this name; the first one stays, since instances stand on it. */
function removeLast(folder: string, ofName: string): void {
  const journalFile = join(folder, 'meta', '_journal.json')
  const journal = JSON.parse(readFileSync(journalFile, 'utf8')) as Journal
  const last = journal.entries.at(-1)
  if (!last || last.idx === 0 || last.tag !== `${String(last.idx).padStart(4, '0')}_${ofName}`) return
  rmSync(join(folder, `${last.tag}.sql`))
  rmSync(join(folder, 'meta', `${String(last.idx).padStart(4, '0')}_snapshot.json`))
  journal.entries.pop()
  writeFileSync(journalFile, JSON.stringify(journal, undefined, 2))
}
