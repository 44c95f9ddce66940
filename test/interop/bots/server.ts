import { execFileSync, spawn } from 'node:child_process'
import { appendFileSync, copyFileSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '#test/flows/processes.ts'
import { NotPossible } from '#test/interop/debian-packages.ts'

const version = '0.51.2'
/** The version it asks for (4) is not in every registry; this one lacks two functions of it, which are added. */
const vocabularyVersion = '3.1.0'
const addedFunctions = `
{
  const loader = require('./contextloader').defaultInstance
  const types = require('./reasoner')
  const { Activity } = require('vocabs-as')
  AS2.registerContext ??= (url, context) => loader.register(url, context)
  const isActivity = function () {
    return [this.type].flat().some((type) => types.node(type).is(Activity))
  }
  Object.defineProperty(require('./models').Base.prototype, 'isActivity', { value: isActivity })
}
`
const installMsMax = 240_000

type Json = Record<string, unknown>

/** activitypub.bot: a server of robots by an author of ActivityPub. What it says is expanded JSON-LD more than anybody else's. */
export interface Bots {
  readonly version: string
  readonly handle: string
  readonly uri: string
  /** Has the robot do something by its server's own method; an argument `{ at }` is the object at that address, as it reads it. */
  call<T = Json>(method: string, ...args: unknown[]): Promise<T>
  /** Waits until an activity has come whose type and words are these. */
  hears(type: string, words: string): Promise<Json>
}

/** Fetches it once into the cache, through npm; fails with NotPossible where npm cannot. */
export function installBots(cacheDir: string): string {
  const dir = join(cacheDir, `bots-${version}`)
  const library = join(dir, 'node_modules/@evanp/activitypub-bot')
  if (existsSync(join(dir, 'ready'))) return library
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true })
  const dependencies = { '@evanp/activitypub-bot': version }
  writeFileSync(
    join(dir, 'package.json'),
    JSON.stringify({ private: true, dependencies, overrides: { 'activitystrea.ms': vocabularyVersion } })
  )
  try {
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--omit=dev', '--omit=optional', '--loglevel=error']
    execFileSync('npm', ['install', ...flags], { cwd: dir, stdio: ['ignore', 'ignore', 'pipe'], timeout: installMsMax })
  } catch (error) {
    throw new NotPossible(`activitypub.bot could not be had from npm: ${error instanceof Error ? error.message : String(error)}`)
  }
  appendFileSync(join(dir, 'node_modules/activitystrea.ms/src/activitystreams.js'), addedFunctions)
  const driver = join(dir, 'node_modules/sqlite3')
  mkdirSync(driver, { recursive: true })
  writeFileSync(join(driver, 'package.json'), JSON.stringify({ name: 'sqlite3', version: '5.1.7', main: 'index.cjs' }))
  copyFileSync(join(import.meta.dirname, 'sqlite3.cjs'), join(driver, 'index.cjs'))
  writeFileSync(join(dir, 'ready'), '')
  return library
}

/** The server with one robot, its data in memory, listening on a port of 127.0.0.1; the robot is told what to do on the next one. */
export async function startBots(library: string, origin: string, port: number, authority: string, logFile: string): Promise<Bots> {
  const control = `http://127.0.0.1:${port + 1}`
  const log = openSync(logFile, 'w')
  const server = spawn(
    process.execPath,
    [
      join(library, 'bin/activitypub-bot.js'),
      ...['--database-url', 'sqlite::memory:', '--origin', origin, '--port', String(port), '--log-level', 'debug', '--trust-proxy', '1'],
      ...['--bots-config-file', join(import.meta.dirname, 'robots.mjs')]
    ],
    {
      env: { PATH: process.env.PATH, NODE_EXTRA_CA_CERTS: authority, ROBOTS_LIBRARY: library, ROBOTS_PORT: String(port + 1) },
      stdio: ['ignore', log, log]
    }
  )

  const bots: Bots = {
    version,
    handle: `@robin@${new URL(origin).host}`,
    uri: `${origin}/user/robin`,
    async call<T = Json>(method: string, ...args: unknown[]) {
      const response = await fetch(`${control}/${method}`, { method: 'POST', body: JSON.stringify(args) })
      const text = await response.text()
      if (!response.ok) throw new Error(`${method}: ${text.slice(0, 600)}`)
      return JSON.parse(text) as T
    },
    async hears(type, words) {
      let found: Json | undefined
      await until(`${type} with "${words}" to come to the robot`, async () => {
        const heard = await bots.call<Json[]>('heard')
        return (found = heard.find((each) => each.type === type && JSON.stringify(each).includes(words)))
      })
      return found!
    }
  }
  await until('the robots to answer', async () => {
    if (server.exitCode !== null)
      throw new Error(`The robots ended with ${server.exitCode}: ${readFileSync(logFile, 'utf8').slice(-2_000)}`)
    const isUp = (
      await fetch(`http://127.0.0.1:${port}/user/robin`, { headers: { accept: 'application/activity+json' } }).catch(() => undefined)
    )?.ok
    return isUp && (await bots.call<Json[]>('heard').catch(() => undefined)) !== undefined
  })
  return bots
}
