/**
 * Federates with snac, a server that no one here wrote: `npm run test:interop`. Both run behind nginx in a network of their own, with addresses that look
 * public and certificates of a private authority. Ends with 0 when all works, 1 when something does not, 2 when it cannot run here.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { fastDirectory } from '#test/helpers/fast-directory.ts'
import { makeCertificates } from '#test/interop/certificates.ts'
import { NotPossible, preparePackages } from '#test/interop/debian-packages.ts'
import { checkNamespaces, runInside } from '#test/interop/namespace.ts'
import { cacheDir, names, packages } from '#test/interop/places.ts'

const { values: options } = parseArgs({ options: { fresh: { type: 'boolean' }, keep: { type: 'boolean' } } })

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
  const dir = mkdtempSync(join(fastDirectory(), 'skerry-interop-'))
  try {
    const { authority } = makeCertificates(tree, dir, Object.values(names))
    return await runInside(join(import.meta.dirname, 'inside.ts'), [dir], { NODE_EXTRA_CA_CERTS: authority })
  } finally {
    if (options.keep) console.log(`Data and logs of both servers: ${dir}`)
    else rmSync(dir, { recursive: true, force: true })
  }
}
