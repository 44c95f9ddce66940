import { existsSync, readFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ConfigError } from '#server/config/config-error.ts'
import { findLine } from '#server/config/find-line.ts'

/** A configuration file that was read: where it lies, its text (to name lines) and the object that it gives. */
export interface ConfigFile {
  path: string
  source: string
  given: Record<string, unknown>
}

/** Reads a configuration file; `isRequired` tells a file that somebody named from the one that may be missing. */
export async function readConfigFile(
  file: string,
  isRequired: boolean,
  env: Record<string, string | undefined>
): Promise<ConfigFile | undefined> {
  const path = resolve(file)
  if (!existsSync(path)) {
    if (!isRequired) return undefined
    throw new ConfigError(`The configuration file ${path} does not exist; correct INSTANCE_CONFIG, or unset it to use instance.config.ts.`)
  }
  const source = readFileSync(path, 'utf8')
  const exported = await importDefault(path)
  const given = typeof exported === 'function' ? await exported({ env }) : exported
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new ConfigError(
      `${nameOf(path)} must export its settings, as in: export default { origin: 'https://skerry.example' } satisfies InstanceConfig.`
    )
  }
  return { path, source, given }
}

/** "instance.config.ts, line 12", or the file alone where the value is computed rather than written down. */
export function placeOf(file: ConfigFile, path: string): string {
  const line = findLine(file.source, path)
  return line === undefined ? nameOf(file.path) : `${nameOf(file.path)}, line ${line}`
}

async function importDefault(path: string): Promise<unknown> {
  try {
    const module = await import(pathToFileURL(path).href)
    return module.default
  } catch (error) {
    const { code, message, stack = '' } = error as NodeJS.ErrnoException
    if (code === 'ERR_PACKAGE_IMPORT_NOT_DEFINED' || code === 'ERR_MODULE_NOT_FOUND') {
      throw new ConfigError(
        `${nameOf(path)} imports something that is not there (${firstLine(message)}); outside the checkout a configuration file may import only types ("import type"), and may export a function to be handed what it needs.`
      )
    }
    const line = new RegExp(`${RegExp.escape(path)}:(\\d+)`).exec(stack)?.[1]
    throw new ConfigError(`${nameOf(path)}${line ? `, line ${line}` : ''} cannot be read as TypeScript: ${firstLine(message)}.`)
  }
}

function nameOf(path: string): string {
  const near = relative(process.cwd(), path)
  return near.startsWith('..') ? path : near
}

function firstLine(message: string): string {
  return (message.split('\n').find((line) => line.trim() !== '') ?? '').trim().replace(/\.$/, '')
}
