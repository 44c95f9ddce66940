import process from 'node:process'
import { chooseDialect } from '#db/dialect.ts'
import { loadConfig } from '#server/config.ts'

/** Everything under way gets this long (ms) after SIGTERM or SIGINT. */
const stopMs = 10_000

try {
  await main()
} catch (error) {
  process.stderr.write(`${await sentenceFor(error)}\n`)
  process.exit(1)
}

/** Loaded only when something is wrong: a start that succeeds needs none of it. */
async function sentenceFor(error: unknown): Promise<string> {
  const { sentenceOf } = await import('#server/commands/sentence-of.ts')
  const { terminalWords } = await import('#server/commands/terminal-words.ts')
  return sentenceOf(error, terminalWords())
}

async function main(): Promise<void> {
  const config = await loadConfig()
  // The schema is made for one dialect as it loads: choose before anything that knows tables is imported.
  chooseDialect(config.database.dialect)
  const { serve } = await import('#server/serve.ts')
  const server = await serve(config, (lines) => process.stdout.write(`${lines.join('\n')}\n`))

  let isStopping = false
  const stop = (signal: NodeJS.Signals) => {
    if (isStopping) return
    isStopping = true
    const late = setTimeout(() => process.exit(1), stopMs + 2_000)
    late.unref()
    server.stop(signal, stopMs).then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${(error as Error).stack}\n`)
        process.exit(1)
      }
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}
