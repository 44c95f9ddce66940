/**
 * Everything that must hold before a change lands: format and lint, promises, types, tests (`npm run check`). `--quick` leaves the
 * tests out; `--fix` writes the format and the lint's safe corrections instead of asking for them (`npm run format`).
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const root = join(import.meta.dirname, '..')
const { values: options } = parseArgs({ options: { quick: { type: 'boolean' }, fix: { type: 'boolean' } } })

const biome = ['node_modules/@biomejs/biome/bin/biome', 'check']
const steps: [string, string[]][] = [
  ['format and lint', biome],
  ['types', ['node_modules/typescript-native/bin/tsc', '--noEmit', '-p', '.']],
  ['promises', ['node_modules/eslint/bin/eslint.js', '.']]
]

process.exitCode = options.fix ? await show(['format', [...biome, '--write']]) : await check()

async function check(): Promise<number> {
  const codes = await Promise.all(steps.map((step) => show(step)))
  if (codes.some((code) => code !== 0)) return 1
  return options.quick ? 0 : show(['tests', ['test/run.ts']], true)
}

/** Runs one step and gives its exit code. Steps that run side by side tell what they found when they end, each in one piece. */
function show([name, args]: [string, string[]], isLive = false): Promise<number> {
  const startedAt = performance.now()
  return new Promise((done) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: isLive ? 'inherit' : ['ignore', 'pipe', 'pipe'] })
    const said: Buffer[] = []
    for (const pipe of [child.stdout, child.stderr]) pipe?.on('data', (piece: Buffer) => said.push(piece))
    child.on('close', (code) => {
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
      if (code !== 0) process.stdout.write(Buffer.concat(said))
      console.log(`${code === 0 ? '✔' : '✖'} ${name} (${seconds} s)`)
      done(code ?? 1)
    })
  })
}
