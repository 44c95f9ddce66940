// The first thing every npm script runs. It is plain JavaScript, because the Node of the host may be older than the one that
// Skerry needs (24, which runs TypeScript as it stands); it sees to the dependencies and hands over to that Node.
import { existsSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import process from 'node:process'
import { bundledNode, InstallError, installWhatIsMissing, root } from './launch/install.mjs'
import { registerRunning } from './launch/running.mjs'

const oldestHost = 20
const watched = ['server', 'db', 'views', 'instance.config.ts'].map((path) => `--watch-path=${path}`)

/** What each npm script runs. `dev`: whether it needs the development dependencies (tests, linters, browsers) as well. */
const tasks = {
  start: { dev: false, run: ['server/main.ts'] },
  admin: { dev: false, run: ['server/commands/main.ts'] },
  demo: { dev: false, run: ['server/commands/demo.ts'] },
  setup: { dev: false, run: [] },
  dev: { dev: true, run: ['--watch', '--watch-preserve-output', ...watched, 'server/main.ts'] },
  test: { dev: true, run: ['test/run.ts'] },
  'test:long': { dev: true, run: ['test/run.ts', '--long'] },
  'test:interop': { dev: true, run: ['test/interop/main.ts'] },
  'test:corpus': { dev: true, run: ['test/corpus.ts'] },
  check: { dev: true, run: ['test/check.ts'] },
  'check:quick': { dev: true, run: ['test/check.ts', '--quick'] },
  format: { dev: true, run: ['test/check.ts', '--fix'] },
  bench: { dev: true, run: ['test/bench/main.ts'] },
  migrations: { dev: true, run: ['db/generate-migrations.ts'] }
}

try {
  await launch(process.argv[2], process.argv.slice(3))
} catch (error) {
  if (!(error instanceof InstallError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}

async function launch(name, args) {
  if (Number(process.versions.node.split('.')[0]) < oldestHost) {
    throw new InstallError(
      `Skerry starts from Node ${oldestHost} or newer; this is ${process.version}. Install a newer Node and try again.`
    )
  }
  const task = tasks[name]
  if (!task) throw new InstallError(`There is no task "${name}". Tasks: ${Object.keys(tasks).join(', ')}.`)
  process.chdir(root)
  await installWhatIsMissing(task.dev)
  if (task.run.length === 0) return
  const file = task.run.find((part) => !part.startsWith('--') && part.endsWith('.ts'))
  if (!existsSync(file)) throw new InstallError(`${file} is missing from this checkout; "npm run ${name}" cannot run without it.`)
  handOver(name, [...task.run, ...args])
}

/** Becomes the bundled Node where this Node can replace itself, else runs it as a child and passes on signals and exit code. */
function handOver(name, args) {
  // What was compiled once is read at the next start: a fifth of the time of a start or a command. Without a place to write it does nothing.
  const env = { NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compiled'), ...process.env }
  if (typeof process.execve === 'function' && process.platform !== 'win32') {
    registerRunning(process.pid, name)
    process.execve(bundledNode, [bundledNode, ...args], env)
  }
  const child = spawn(bundledNode, args, { stdio: 'inherit', env })
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, () => child.kill(signal))
  child.on('spawn', () => registerRunning(child.pid, name))
  child.on('error', (error) => {
    process.stderr.write(`The Node that Skerry brings along does not run on this system: ${error.message}\n`)
    process.exitCode = 1
  })
  child.on('exit', (code, signal) => {
    if (!signal) process.exit(code ?? 1)
    for (const each of signals) process.removeAllListeners(each)
    process.kill(process.pid, signal)
  })
}
