// Loaded before all else into the processes of tests and the servers they start. To say what kind of module a file is, Node reads its package's
// `exports` anew, file by file; those of drizzle-orm are 130 KB, its files more than a hundred, and half a second of each start goes into that.
import { registerHooks } from 'node:module'

const within = '/node_modules/drizzle-orm/'

registerHooks({
  resolve(specifier, context, next) {
    const isWithin = specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL?.includes(within)
    if (!isWithin) return next(specifier, context)
    return { url: new URL(specifier, context.parentURL).href, format: 'module', shortCircuit: true }
  }
})
