/**
 * Writes what the schema has become as a new migration of both dialects: `npm run migrations -- <name>`.
 * Without a name, and only while nothing has been released, the one first migration is written afresh.
 */
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const kit = join(createRequire(import.meta.url).resolve('drizzle-kit'), '..', 'bin.cjs')
const name = process.argv[2]

for (const dialect of ['sqlite', 'postgres']) {
  if (name === undefined) rmSync(join(root, 'db/migrations', dialect), { recursive: true, force: true })
  const config = `db/dialects/${dialect}/drizzle.config.ts`
  const run = spawnSync(process.execPath, [kit, 'generate', '--config', config, '--name', name ?? 'first'], { cwd: root, encoding: 'utf8' })
  if (run.status !== 0) {
    console.error(run.stdout, run.stderr)
    process.exit(1)
  }
}
