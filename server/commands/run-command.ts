import { statSync } from 'node:fs'
import process from 'node:process'
import { chooseDialect } from '#db/dialect.ts'
import { type Config, type Environment, loadConfig } from '#server/config.ts'
import type { Context } from '#server/context.ts'
import { sentenceOf } from '#server/commands/sentence-of.ts'
import { StartError } from '#server/errors.ts'
import type { Translate } from '#server/platform/messages.ts'

/** Where a command writes, and the environment that configures it (that of the process when absent). */
export interface Io {
  env?: Environment
  out(text: string): void
  err(text: string): void
}

/** A command line as it was understood. */
export interface Call {
  args: string[]
  options: Record<string, unknown>
  t: Translate
  io: Io
}

/** What a command is handed. */
export interface Ground {
  args: string[]
  options: Record<string, unknown>
  t: Translate
  config: Config
  /** A line about how far it is; nothing with --json. */
  say(line: string): void
}

/** What a command answers: the value for --json, the lines for people. */
export interface Answer {
  value: unknown
  lines: string[]
  /** False when what was asked for is not there or not well: exit code 1. */
  isOk?: boolean
}

/**
 * What a command stands on. `config`: the configuration alone. `context`: an open database besides. `instance`: one whose origin is the
 * configured one.
 */
type Loaded =
  | { ground: 'config'; load(): Promise<{ run(ground: Ground): Promise<Answer> }> }
  | { ground: 'context' | 'instance'; load(): Promise<{ run(ground: Ground & { ctx: Context }): Promise<Answer> }> }

interface OptionSpec {
  flags: string
  key: string
  choices?: string[]
  isRequired?: boolean
}

export type CommandSpec = Loaded & {
  /** Its words: `account create`. */
  path: string
  description: string
  args?: [name: string, key: string][]
  options?: OptionSpec[]
}

/** Runs a command to its exit code. The order matters: configuration, dialect, then everything that knows tables. */
export async function runCommand(spec: CommandSpec, { args, options, t, io }: Call): Promise<number> {
  const isJson = options.json === true
  try {
    const config = await loadConfig({ env: io.env })
    refuseOtherUser(config.dataDir)
    chooseDialect(config.database.dialect)
    const ground: Ground = { args, options, t, config, say: isJson ? () => {} : (line) => io.out(`${line}\n`) }
    const { value, lines, isOk = true } = await answer(spec, ground)
    io.out(isJson ? `${JSON.stringify(value, undefined, 2)}\n` : lines.map((line) => `${line}\n`).join(''))
    return isOk ? 0 : 1
  } catch (error) {
    io.err(`${sentenceOf(error, t)}\n`)
    return 1
  }
}

/** What root writes into a directory of somebody else's, their server cannot open any more. */
function refuseOtherUser(dataDir: string): void {
  const owner = statSync(dataDir, { throwIfNoEntry: false })?.uid
  if (owner === undefined || owner === 0 || process.getuid?.() !== 0) return
  throw new StartError(
    `${dataDir} belongs to another user (${owner}) and this is root: run the command as that user, such as with "sudo -u '#${owner}'".`
  )
}

async function answer(spec: CommandSpec, ground: Ground): Promise<Answer> {
  if (spec.ground === 'config') return (await spec.load()).run(ground)
  const { openContext } = await import('#server/commands/open-context.ts')
  const ctx = await openContext(ground.config, spec.ground)
  try {
    return await (await spec.load()).run({ ...ground, ctx })
  } finally {
    await ctx[Symbol.asyncDispose]()
  }
}
