// database: none
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { openScratch } from '#test/helpers/scratch.ts'

const root = join(import.meta.dirname, '../..')

/** Stands in for npm: notes what it was asked, and lays down what the real one would, as far as the launcher looks at it. */
const npm = `#!/bin/sh
echo "$*" >> "$NPM_CALLS"
if [ -n "$NPM_FAILS" ]; then echo "the registry is on fire"; exit 3; fi
case "$1" in
  ci) rm -rf node_modules; mkdir -p node_modules; "$REAL_NODE" -e "$INSTALL" -- "$@" ;;
  rebuild) mkdir -p node_modules/node/bin; ln -sf "$REAL_NODE" node_modules/node/bin/node ;;
esac
`

/** Writes down what is now installed, as npm does. */
const install = `
  const lock = JSON.parse(fs.readFileSync('package-lock.json', 'utf8'))
  if (process.argv.includes('--omit=dev')) for (const [path, { dev }] of Object.entries(lock.packages)) if (dev) delete lock.packages[path]
  fs.writeFileSync('node_modules/.package-lock.json', JSON.stringify(lock))
`

test('the first start installs without scripts and without what only tests need; the second installs nothing', (t) => {
  const { run, calls } = checkout(t)
  const first = run('start', 'one')
  assert.equal(first.stdout, 'main: one\n')
  assert.match(first.stderr, /^Installing dependencies \(first start only, about 30 s\)… done in \d+ s\.\n$/)
  assert.match(calls()[0]!, /^ci --ignore-scripts --omit=dev /)
  assert.match(calls()[1]!, /^rebuild --ignore-scripts=false node /)
  const second = run('start', 'two')
  assert.equal(second.stdout, 'main: two\n')
  assert.equal(second.stderr, '')
  assert.equal(calls().length, 2)
})

test('the tests bring the development dependencies, and those serve a start as well', (t) => {
  const { folder, run, calls } = checkout(t)
  writeLock(folder, { 'node_modules/linter': { version: '1.0.0', dev: true } })
  run('start')
  assert.equal(run('test', 'a').stdout, 'tests: a\n')
  assert.match(calls()[2]!, /^ci --ignore-scripts --include=dev /)
  run('start')
  assert.equal(calls().length, 4)
})

test('a changed lockfile installs again; one that changes nothing here does not', (t) => {
  const { folder, run, calls } = checkout(t)
  run('start')
  writeLock(folder, { 'node_modules/pg': { version: '1.0.1' } })
  assert.match(run('start').stderr, /they changed since last time/)
  assert.equal(calls().length, 4)
  writeLock(folder, {
    'node_modules/pg': { version: '1.0.1' },
    'node_modules/elsewhere': { version: '1.0.0', optional: true, os: ['aix'] }
  })
  assert.equal(run('start').stderr, '')
  assert.equal(calls().length, 4)
})

test('nothing is installed under a running server; the sentence names it', async (t) => {
  const { folder, run, calls, environment } = checkout(t)
  run('start')
  const server = spawn(process.execPath, ['server/launch.mjs', 'start', 'stay'], {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit']
  })
  t.after(() => server.kill('SIGKILL'))
  await new Promise((done) => server.stdout.once('data', done))
  writeLock(folder, { 'node_modules/pg': { version: '2.0.0' } })
  const refused = run('admin')
  assert.equal(refused.status, 1)
  assert.match(
    refused.stderr,
    new RegExp(`what runs in this checkout: "start" \\(process ${server.pid}\\)\\. Stop it, then try again\\.\n$`)
  )
  assert.equal(calls().length, 2)

  const ended = new Promise((done) => server.once('exit', done))
  server.kill('SIGTERM')
  assert.equal(await ended, 7, 'the exit code of the server is that of the launcher')
  assert.equal(run('admin', 'x').stdout, 'admin: x\n')
  assert.equal(calls().length, 4)
})

test('what npm said is shown when it fails, and the next start tries again', (t) => {
  const { run, calls } = checkout(t)
  const failed = run('start', [], { NPM_FAILS: '1' })
  assert.equal(failed.status, 1)
  assert.equal(failed.stdout, '')
  assert.match(failed.stderr, /the registry is on fire\n\n"npm ci --ignore-scripts --omit=dev" failed with exit code 3/)
  assert.equal(run('start').status, 0)
  assert.equal(calls().length, 3)
})

test('two that start at once install once', async (t) => {
  const { folder, environment, calls } = checkout(t)
  const starts = [1, 2, 3].map(
    () =>
      new Promise((done) =>
        spawn(process.execPath, ['server/launch.mjs', 'admin'], { cwd: folder, env: environment, stdio: 'ignore' }).once('exit', done)
      )
  )
  assert.deepEqual(await Promise.all(starts), [0, 0, 0])
  await wait(0)
  assert.equal(calls().length, 2)
})

test('while developing, the server starts again when a file changes', async (t) => {
  const { folder, environment, run } = checkout(t)
  run('test')
  const dev = spawn(process.execPath, ['server/launch.mjs', 'dev', 'stay'], {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit']
  })
  t.after(() => dev.kill('SIGTERM'))
  let said = ''
  dev.stdout.setEncoding('utf8').on('data', (piece: string) => {
    said += piece
  })
  const says = async (text: string) => {
    for (const until = Date.now() + 20_000; !said.includes(text) && Date.now() < until; ) await wait(50)
    assert.ok(said.includes(text), `"${text}" is not in: ${said}`)
  }
  await says('main: stay')
  writeFile(folder, 'server/main.ts', "console.log('changed:', ...process.argv.slice(2))")
  await says('changed: stay')
})

test('an unknown task is named along with those there are', (t) => {
  const { run } = checkout(t)
  const { status, stderr } = run('strat')
  assert.equal(status, 1)
  assert.match(stderr, /There is no task "strat"\. Tasks: start, admin, /)
})

/** A small checkout with the real launcher and stand-ins for npm and for what is launched. */
function checkout(t: TestContext) {
  const folder = mkdtempSync(join(openScratch(), 'skerry-launch-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  for (const path of ['server/launch.mjs', 'server/launch']) cpSync(join(root, path), join(folder, path), { recursive: true })
  const stay = "if (process.argv[2] === 'stay') { process.on('SIGTERM', () => process.exit(7)); setInterval(() => {}, 1000) }"
  writeFile(folder, 'server/main.ts', `console.log('main:', ...process.argv.slice(2))\n${stay}`)
  writeFile(folder, 'server/commands/main.ts', "console.log('admin:', ...process.argv.slice(2))")
  writeFile(folder, 'test/run.ts', "console.log('tests:', ...process.argv.slice(2))")
  // What `dev` watches must be there.
  for (const path of ['db', 'views']) mkdirSync(join(folder, path))
  writeFile(folder, 'instance.config.ts', 'export default {}')
  writeFile(folder, 'package.json', '{ "type": "module" }')
  writeFile(folder, 'bin/npm', npm)
  chmodSync(join(folder, 'bin/npm'), 0o755)
  writeLock(folder, {})
  const environment = {
    ...process.env,
    PATH: `${join(folder, 'bin')}${delimiter}${process.env.PATH}`,
    NPM_CALLS: join(folder, 'calls'),
    REAL_NODE: process.execPath,
    INSTALL: install
  }
  return {
    folder,
    environment,
    run(task: string, args: string | string[] = [], extra = {}) {
      const options = { cwd: folder, env: { ...environment, ...extra }, encoding: 'utf8' as const }
      return spawnSync(process.execPath, ['server/launch.mjs', task, ...[args].flat()], options)
    },
    calls: () => (existsSync(environment.NPM_CALLS) ? readFileSync(environment.NPM_CALLS, 'utf8').trim().split('\n') : [])
  }
}

function writeLock(folder: string, packages: object): void {
  const node = { version: process.version.slice(1) }
  writeFile(folder, 'package-lock.json', JSON.stringify({ packages: { '': {}, 'node_modules/node': node, ...packages } }))
}

function writeFile(folder: string, path: string, text: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true })
  writeFileSync(join(folder, path), text)
}
