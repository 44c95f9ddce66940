// Loaded before all else into the processes of tests and the servers they start: most of a start is Node finding out where a module lies and
// of what kind it is. It reads `package.json` anew for that, import by import, ours four thousand times and that of drizzle-orm (180 KB) nine hundred times.
import { registerHooks, type ResolveFnOutput } from 'node:module'

const root = new URL('../../', import.meta.url).href
/** What `imports` of our package.json says, for files. */
const ours = /^#((?:server|db|test)\/.+\.ts)$/
const within = '/node_modules/drizzle-orm/'
const found = new Map<string, ResolveFnOutput>()

registerHooks({
  resolve(specifier, context, next) {
    // A configuration file outside the checkout has no part in ours.
    const isOurs = context.parentURL?.startsWith(root) && !context.parentURL.includes('/node_modules/')
    const [, path] = (isOurs && ours.exec(specifier)) || []
    if (path !== undefined) return { url: root + path, format: 'module-typescript', shortCircuit: true }
    if (specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL?.includes(within))
      return { url: new URL(specifier, context.parentURL).href, format: 'module', shortCircuit: true }
    // There is one of it for all modules of ours.
    if (!isOurs || !specifier.startsWith('drizzle-orm')) return next(specifier, context)
    const known = found.get(specifier) ?? { ...next(specifier, context), shortCircuit: true }
    found.set(specifier, known)
    return known
  }
})
