import { Command, CommanderError, Option } from 'commander'
import { type Call, type CommandSpec, type Io, runCommand } from '#server/commands/run-command.ts'
import { commands, groups } from '#server/commands/table.ts'
import { terminalWords } from '#server/commands/terminal-words.ts'
import type { Translate } from '#server/platform/messages.ts'

/** Exit codes are part of the operators' interface. */
const usageCode = 2
const columns = 100

/**
 * Understands a command line and runs it; gives the exit code: 0 done, 1 refused or failed (one sentence on standard error), 2 not
 * understood. Nothing is loaded before it is known which command is meant.
 */
export async function runCommandLine(args: string[], io: Io): Promise<number> {
  const t = terminalWords()
  let meant: { spec: CommandSpec; call: Pick<Call, 'args' | 'options'> } | undefined
  const program = buildProgram(t, io, (spec, call) => {
    meant = { spec, call }
  })
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? 0 : usageCode
  }
  return meant ? runCommand(meant.spec, { ...meant.call, t, io }) : usageCode
}

function buildProgram(t: Translate, io: Io, onMeant: (spec: CommandSpec, call: Pick<Call, 'args' | 'options'>) => void): Command {
  const program = new Command('admin')
    .description(t('command.description'))
    .usage('<command>')
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err, getOutHelpWidth: () => columns, getErrHelpWidth: () => columns })
    .helpCommand(false)
    .showHelpAfterError(t('command.seeHelp'))
  const made = new Map<string, Command>([['', program]])

  /** The command of a path such as `account create`; those above it that run nothing themselves only gather. */
  function commandOf(path: string): Command {
    let command = made.get(path)
    if (!command) {
      const words = path.split(' ')
      const above = commandOf(words.slice(0, -1).join(' '))
      command = above.command(words.at(-1)!)
      if (groups[path]) command.description(t(groups[path]))
      made.set(path, command)
    }
    return command
  }

  for (const spec of commands) {
    const command = commandOf(spec.path).description(t(spec.description))
    for (const [name, key] of spec.args ?? []) command.argument(name, t(key))
    for (const { flags, key, choices, isRequired } of spec.options ?? []) {
      const option = new Option(flags, t(key))
      if (choices) option.choices(choices)
      command.addOption(option.makeOptionMandatory(isRequired ?? false))
    }
    command.option('--json', t('command.json'))
    command.action((...given: unknown[]) => {
      // What a command above knows too, such as --json of `backup` beside `backup verify`, is heard by that one.
      const options = (given.at(-1) as Command).optsWithGlobals<Record<string, unknown>>()
      onMeant(spec, { args: given.slice(0, -2).map(String), options })
    })
  }
  return program
}
