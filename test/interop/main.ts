/**
 * Federates with snac and activitypub.bot, servers that no one here wrote: `npm run test:interop`. All run behind nginx in a network of their own, with addresses that look
 * public and certificates of a private authority. Ends with 0 when all works, 1 when something does not, 2 when it cannot run here.
 * `--only snac` or `--only robots` tries one of them, `--keep` keeps data and logs, `--fresh` fetches everything anew.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { fastDirectory } from '#test/helpers/fast-directory.ts'
import { installBots } from '#test/interop/bots/server.ts'
import { makeCertificates } from '#test/interop/certificates.ts'
import { NotPossible, preparePackages } from '#test/interop/debian-packages.ts'
import { checkNamespaces, runInside } from '#test/interop/namespace.ts'
import { cacheDir, names, packages } from '#test/interop/places.ts'

const { values: options } = parseArgs({ options: { fresh: { type: 'boolean' }, keep: { type: 'boolean' }, only: { type: 'string' } } })

try {
  process.exitCode = await run()
} catch (error) {
  if (!(error instanceof NotPossible)) throw error
  console.error(`The interoperability tests cannot run here, and nothing was tested.\n${error.message}`)
  process.exitCode = 2
}

async function run(): Promise<number> {
  checkNamespaces()
  mkdirSync(cacheDir, { recursive: true })
  const tree = preparePackages(cacheDir, packages, options.fresh)
  const robots = options.only === 'snac' ? '' : tryBots()
  const dir = mkdtempSync(join(fastDirectory(), 'skerry-interop-'))
  try {
    const { authority } = makeCertificates(tree, dir, Object.values(names))
    return await runInside(join(import.meta.dirname, 'inside.ts'), [dir, robots, options.only ?? ''], { NODE_EXTRA_CA_CERTS: authority })
  } finally {
    if (options.keep) console.log(`Data and logs of both servers: ${dir}`)
    else rmSync(dir, { recursive: true, force: true })
  }
}

/** Where the second server was put; empty when it cannot be had, and then the first is tried alone. */
function tryBots(): string {
  try {
    return installBots(cacheDir)
  } catch (error) {
    if (!(error instanceof NotPossible)) throw error
    console.error(`${error.message}\nIts column is left out.`)
    return ''
  }
}
