/** `npm run demo`: two instances in two processes on this machine, with people and posts, and follows that the two really negotiated. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { act } from '#server/commands/demo/act.ts'
import { type Island, startIsland } from '#server/commands/demo/start-island.ts'
import { StartError } from '#server/errors.ts'
import { terminalWords } from '#server/commands/terminal-words.ts'

const portByDefault = 3001
const password = 'low tide at noon'

const t = terminalWords()
const say = (line: string) => void process.stdout.write(`${line}\n`)

const { values: options } = parseArgs({ options: { port: { type: 'string', default: String(portByDefault) } } })
const dir = mkdtempSync(join(tmpdir(), 'skerry-demo-'))
const islands: Island[] = []
let isEnding = false

process.once('SIGINT', () => void end(0))
process.once('SIGTERM', () => void end(0))
try {
  await show()
} catch (error) {
  if (!isEnding) {
    process.stderr.write(`${error instanceof StartError ? error.message : (error as Error).stack}\n`)
    await end(1)
  }
}

async function show(): Promise<void> {
  const port = Number(options.port)
  if (!Number.isInteger(port) || port < 1 || port > 65_534) throw new StartError(t('demo.badPort', { port: options.port }))
  say(t('demo.starting'))
  const [red, blue] = await Promise.all([
    start({ name: 'red', title: t('demo.red'), port }),
    start({ name: 'blue', title: t('demo.blue'), port: port + 1 })
  ])
  await act(t, (key) => say(t(key)), red, blue, password)
  say('')
  for (const [island, names] of [
    [red, ['ana', 'rui']],
    [blue, ['bo', 'mia']]
  ] as const) {
    say(t('demo.island', { origin: island.origin, names: names.join(', ') }))
  }
  say(t('demo.password', { password }))
  say(t('demo.hint', { red: red.origin, blue: new URL(blue.origin).host }))
  say(t('demo.end'))
  await Promise.race(islands.map((island) => island.ended))
  if (!isEnding) throw new StartError(t('demo.ended'))
}

async function start(given: { name: string; title: string; port: number }): Promise<Island> {
  const island = await startIsland({ ...given, dir })
  islands.push(island)
  // Ctrl-C may have come while it was starting.
  if (isEnding) await island.stop()
  return island
}

async function end(code: number): Promise<void> {
  if (isEnding) return
  isEnding = true
  await Promise.all(islands.map((island) => island.stop()))
  rmSync(dir, { recursive: true, force: true, maxRetries: 5 })
  process.exit(code)
}
