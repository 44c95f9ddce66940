import { readdirSync, readFileSync } from 'node:fs'
import pg from 'pg'
import { countCpuOf } from '#test/bench/harness.ts'
import { startPostgres } from '#test/helpers/postgres-server.ts'

/** What somebody with a million posts gives it, and statistics of statements for whoever looks for the dear ones. */
const settings = { shared_buffers: '512MB', effective_cache_size: '2GB', shared_preload_libraries: 'pg_stat_statements' }

let admin: Promise<pg.Pool> | undefined
let made = 0

/** An empty database on a server that this process starts once and counts as its own; gives its address. */
export async function createBenchDatabase(): Promise<string> {
  const server = await (admin ??= start())
  const name = `bench_${made++}`
  await server.query(`create database ${name}`)
  const url = new URL(server.options.connectionString!)
  url.pathname = `/${name}`
  return url.href
}

async function start(): Promise<pg.Pool> {
  const { url } = await startPostgres(settings)
  const pool = new pg.Pool({ connectionString: url, max: 1, idleTimeoutMillis: 1_000, allowExitOnIdle: true })
  const { rows } = await pool.query<{ file: string }>(`select pg_read_file('postmaster.pid') as file`)
  const postmaster = Number(rows[0]?.file.split('\n', 1)[0])
  countCpuOf(() => cpuMsOf(postmaster))
  return pool
}

/** Of a process and its children, dead ones included (those in whole ticks of a hundredth of a second). Linux alone tells it; elsewhere nothing is counted. */
function cpuMsOf(pid: number): number {
  try {
    const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && fieldsOf(name)[1] === String(pid))
    const ofDead = fieldsOf(String(pid))
    const tickMs = 10
    const running = [String(pid), ...children].reduce((sum, each) => sum + runningMsOf(each), 0)
    return running + (Number(ofDead[13]) + Number(ofDead[14])) * tickMs
  } catch {
    return 0
  }
}

/** Fields of /proc/pid/stat from the third on: the name before them may hold spaces. */
function fieldsOf(pid: string): string[] {
  const text = read(`/proc/${pid}/stat`)
  return text.slice(text.lastIndexOf(')') + 2).split(' ')
}

/** The first figure of schedstat: nanoseconds on a processor. */
function runningMsOf(pid: string): number {
  return Number(read(`/proc/${pid}/schedstat`).split(' ', 1)[0]) / 1_000_000
}

/** A process may end while it is looked at. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
