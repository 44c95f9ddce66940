import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { StartError } from '#server/errors.ts'

const root = join(import.meta.dirname, '../../..')
const startMs = 60_000
const stopMs = 12_000
const saidCharactersMax = 4_000

/** One instance of the demo, in a process of its own. */
export interface Island {
  readonly origin: string
  /** The link that creates the owner's account. */
  readonly ownerLink: string
  /** Runs a command of `npm run admin` on it. Throws what it says when it fails. */
  admin(...args: string[]): Promise<void>
  /** Resolves when the process has ended, wanted or not. */
  readonly ended: Promise<void>
  stop(): Promise<void>
}

/** Starts an instance on a port of this machine, with a directory of its own, and waits until it serves. */
export async function startIsland({ name, title, port, dir }: { name: string; title: string; port: number; dir: string }): Promise<Island> {
  const origin = `http://${name}.localhost:${port}`
  const home = join(dir, name)
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const configFile = join(home, 'instance.config.ts')
  writeFileSync(configFile, `export default ${JSON.stringify({ instance: { name: title, signUp: 'open' } })}\n`)
  const env = { ...withoutOwnSettings(), ...settingsFor(origin, port, home, configFile) }
  const child = spawn(process.execPath, [join(root, 'server/main.ts')], { cwd: home, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<void>((done) => child.once('exit', () => done()))
  return {
    origin,
    ownerLink: await untilServing(child, title),
    ended,
    admin: (...args) => runAdmin(args, home, env),
    async stop() {
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), stopMs)
      await ended
      clearTimeout(late)
    }
  }
}

function settingsFor(origin: string, port: number, home: string, configFile: string): Record<string, string> {
  return {
    ORIGIN: origin,
    HOST: '127.0.0.1',
    PORT: String(port),
    DATA_DIR: join(home, 'data'),
    INSTANCE_CONFIG: configFile,
    // The two live on this machine and speak plain http, which no real instance would.
    OUTBOUND_ALLOW_HTTP: '1',
    OUTBOUND_ALLOW_ADDRESSES: '127.0.0.1,::1',
    LOG_LEVEL: 'error'
  }
}

/** The environment of whoever looks at the demo may be that of a real instance. */
function withoutOwnSettings(): Record<string, string | undefined> {
  const own = [
    'HANDLE_DOMAIN',
    'TRUST_PROXY',
    'DATABASE_URL',
    'SECRETS_DIR',
    'SMTP_URL',
    'ROLE',
    'OUTBOUND_DNS_SERVERS',
    'INSECURE_TEST_MODE'
  ]
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.includes(name)))
}

/** The start tells the owner's link once it serves. */
function untilServing(child: ChildProcess, title: string): Promise<string> {
  let said = ''
  return new Promise((done, failed) => {
    const late = setTimeout(() => failed(new StartError(`${title} did not start within ${startMs / 1_000} s. ${said}`)), startMs)
    const hear = (piece: Buffer) => {
      said = (said + piece.toString()).slice(-saidCharactersMax)
      const link = /https?:\/\/\S+\/owner\/[\w-]+/.exec(said)?.[0]
      if (link === undefined) return
      clearTimeout(late)
      done(link)
    }
    child.stdout!.on('data', hear)
    child.stderr!.on('data', hear)
    child.once('exit', () => {
      clearTimeout(late)
      failed(new StartError(`${title} could not start: ${said.trim()}`))
    })
  })
}

function runAdmin(args: string[], cwd: string, env: Record<string, string | undefined>): Promise<void> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [join(root, 'server/commands/main.ts'), ...args], {
      cwd,
      env,
      stdio: ['ignore', 'ignore', 'pipe']
    })
    let said = ''
    child.stderr.on('data', (piece: Buffer) => {
      said += piece.toString()
    })
    child.once('error', failed)
    child.once('close', (code) => (code === 0 ? done() : failed(new StartError(said.trim()))))
  })
}
