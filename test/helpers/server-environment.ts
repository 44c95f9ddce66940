import { pathToFileURL } from 'node:url'
import { join } from 'node:path'

const quickImports = pathToFileURL(join(import.meta.dirname, 'quick-imports.ts')).href

/** What a process that a test starts has of this one's environment: where programs and scratch files are, and what makes starting quick. Nothing else leaks in. */
export function serverEnvironment(): Record<string, string | undefined> {
  const { PATH, HOME, TMPDIR, NODE_COMPILE_CACHE } = process.env
  return { PATH, HOME, TMPDIR, NODE_COMPILE_CACHE, NODE_OPTIONS: `--import ${quickImports}` }
}
