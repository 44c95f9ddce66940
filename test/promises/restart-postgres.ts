import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { startPostgres } from '#test/helpers/postgres-server.ts'

const endMsMax = 20_000

/** A PostgreSQL of one test's own, which can be taken away and brought back under the same address. Linux only: it reads /proc. */
export interface OwnPostgres {
  /** Address of an empty database. */
  readonly url: string
  /** `fast` disconnects everybody and ends in order, `immediate` is a crash. */
  stop(how: 'fast' | 'immediate'): Promise<void>
  start(): void
  query(text: string): Promise<Record<string, unknown>[]>
}

export async function ownPostgres(t: TestContext): Promise<OwnPostgres> {
  const first = await startPostgres()
  const url = new URL(first.url)
  url.pathname = '/own'
  const ask = async (address: string, text: string) => {
    const client = new pg.Client({ connectionString: address })
    await client.connect()
    try {
      return (await client.query(text)).rows as Record<string, unknown>[]
    } finally {
      await client.end()
    }
  }
  // The servers of other tests forget what was committed last when they crash, which is quicker; this one is to keep it.
  await ask(first.url, 'alter system set synchronous_commit = on')
  await ask(first.url, 'select pg_reload_conf()')
  await ask(first.url, 'create database own')
  const [{ data_directory: data } = {}] = await ask(first.url, 'show data_directory')
  const pidOf = () => Number(readFileSync(join(String(data), 'postmaster.pid'), 'utf8').split('\n')[0])
  const executable = readlinkSync(`/proc/${pidOf()}/exe`)
  let again: ChildProcess | undefined

  async function stop(how: 'fast' | 'immediate') {
    const pid = pidOf()
    const ended = again && once(again, 'exit')
    process.kill(pid, how === 'fast' ? 'SIGINT' : 'SIGQUIT')
    if (ended) await ended
    for (let waited = 0; isAlive(pid) && waited < endMsMax; waited += 20) await wait(20)
  }

  t.after(async () => {
    if (again && again.exitCode === null) await stop('immediate')
    await first.stop()
  })
  return {
    url: url.href,
    stop,
    start() {
      const { uid, gid } = statSync(String(data))
      const user = process.getuid?.() === 0 ? { uid, gid } : {}
      again = spawn(executable, ['-D', String(data)], { ...user, cwd: String(data), stdio: 'ignore' })
    },
    query: (text) => ask(url.href, text)
  }
}

/** A process that has ended and whose parent has yet to notice counts as ended. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false // It is gone altogether.
  }
}
