import * as v from 'valibot'
import { ConfigError } from '#server/config/config-error.ts'
import { type ConfigFile, placeOf } from '#server/config/config-file.ts'
import { nearestOf } from '#server/config/nearest.ts'
import { type Reading, type Setting, settings } from '#server/config/settings.ts'

/** A value that passed its check, and where it came from, for sentences about what does not go together. */
export interface Given {
  value: unknown
  place: string
  isFromFile: boolean
}

const shownCharactersMax = 60

/** Every setting that the file or the environment gives, by path; the environment wins. Throws ConfigError at the first that is wrong. */
export function loadValues(file: ConfigFile | undefined, env: Record<string, string | undefined>): Map<string, Given> {
  const values = new Map<string, Given>()
  if (file) readSection(file, file.given, '', values)
  for (const [path, setting] of Object.entries(settings)) {
    const text = setting.env === undefined ? undefined : env[setting.env]
    if (text === undefined || (text === '' && !setting.isEmptyMeant)) continue
    const name = `the environment variable ${setting.env}`
    const value = check(setting, fromText(text, setting.reading ?? 'text'), `${capital(name)} is ${shown(setting, text)}`)
    values.set(path, { value, place: name, isFromFile: false })
  }
  return values
}

function readSection(file: ConfigFile, section: Record<string, unknown>, prefix: string, values: Map<string, Given>): void {
  for (const [key, value] of Object.entries(section)) {
    if (value === undefined) continue
    const path = prefix + key
    const place = placeOf(file, path)
    const setting = Object.hasOwn(settings, path) ? settings[path] : undefined
    if (setting) {
      values.set(path, {
        value: check(setting, value, `${place}: ${path} is ${shown(setting, value)}`),
        place: `${path} (${place})`,
        isFromFile: true
      })
    } else if (isSection(path)) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw new ConfigError(
          `${place}: ${path} is ${shownValue(value)}, but it must be a group of settings in braces, such as ${path}: { ${keysOf(`${path}.`)[0]}: … }.`
        )
      }
      readSection(file, value as Record<string, unknown>, `${path}.`, values)
    } else {
      throw new ConfigError(`${place}: there is no setting "${path}"; ${suggestion(path, prefix)}`)
    }
  }
}

function check(setting: Setting, value: unknown, said: string): unknown {
  const result = v.safeParse(setting.schema, value)
  if (result.success) return result.output
  throw new ConfigError(`${said}, but it must be ${setting.must}.`)
}

function fromText(text: string, reading: Reading): unknown {
  if (reading === 'number') return /^\s*\d+\s*$/.test(text) ? Number(text) : text
  if (reading === 'list') return text.split(/[,\s]+/).filter((part) => part !== '')
  if (reading === 'flag') return /^(1|true|yes|on)$/i.test(text) ? true : /^(0|false|no|off)$/i.test(text) ? false : text
  return text.trim()
}

function suggestion(path: string, prefix: string): string {
  const near = nearestOf(path, [...Object.keys(settings), ...sections()])
  if (near !== undefined) return `did you mean "${near}"?`
  return `${prefix === '' ? 'settings are' : `${prefix.slice(0, -1)} knows`} ${keysOf(prefix).join(', ')}.`
}

function isSection(path: string): boolean {
  return sections().includes(path)
}

function sections(): string[] {
  return [...new Set(Object.keys(settings).flatMap((path) => (path.includes('.') ? [path.slice(0, path.indexOf('.'))] : [])))]
}

/** The names that may follow a prefix (`''`, or `server.`). */
function keysOf(prefix: string): string[] {
  const rest = Object.keys(settings).flatMap((path) => (path.startsWith(prefix) ? [path.slice(prefix.length).split('.')[0] ?? ''] : []))
  return [...new Set(rest)]
}

function shown(setting: Setting, value: unknown): string {
  return setting.isSecret ? 'not usable (it is not repeated here, since it may hold a password)' : shownValue(value)
}

function shownValue(value: unknown): string {
  const written = JSON.stringify(value) ?? String(value)
  return written.length > shownCharactersMax ? `${written.slice(0, shownCharactersMax)}…` : written
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
