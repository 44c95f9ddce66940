import type { Context } from '#server/context.ts'
import type { RefusalValues } from '#server/errors.ts'

/** What a check found. `key` and `remedy` are messages of the catalogue that `values` fill; nothing is to be done where `remedy` is undefined. */
export interface Finding {
  level: 'ok' | 'warn' | 'fail'
  key: string
  values: RefusalValues
  remedy: string | undefined
}

export interface Check {
  /** Its label is the message `doctor.<name>`. */
  name: string
  /** Asks nobody outside and reads little, so that a page may show it at every visit. */
  isQuick: boolean
  /** One finding, or several when several things are wrong. */
  run(ctx: Context): Promise<Finding[]>
}

export function ok(key: string, values: RefusalValues = {}): Finding[] {
  return [{ level: 'ok', key, values, remedy: undefined }]
}

export function warn(key: string, remedy: string, values: RefusalValues = {}): Finding[] {
  return [{ level: 'warn', key, values, remedy }]
}

export function fail(key: string, remedy: string, values: RefusalValues = {}): Finding[] {
  return [{ level: 'fail', key, values, remedy }]
}
