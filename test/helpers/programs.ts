import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { runCommandLine } from '#server/commands/command-line.ts'
import { serverEnvironment } from '#test/helpers/server-environment.ts'

const root = join(import.meta.dirname, '../..')
const startMs = 60_000

export interface Ended {
  code: number | null
  out: string
  err: string
}

export interface Running {
  child: ChildProcess
  /** What it has written so far. */
  said(): string
  /** Resolves once it has written something that fits. */
  heard(pattern: RegExp): Promise<void>
  ended: Promise<Ended>
}

/** Starts a file of ours as a process of its own, which ends with the test. `env` comes beside what every process needs: nothing of this machine's leaks in. */
export function startProcess(t: TestContext, file: string, args: string[], env: Record<string, string | undefined>): Running {
  const child = spawn(process.execPath, [join(root, file), ...args], {
    cwd: root,
    env: { ...serverEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let out = ''
  let err = ''
  child.stdout!.on('data', (piece: Buffer) => {
    out += piece.toString()
  })
  child.stderr!.on('data', (piece: Buffer) => {
    err += piece.toString()
  })
  const ended = new Promise<Ended>((done) => child.once('close', (code) => done({ code, out, err })))
  t.after(async () => {
    child.kill('SIGKILL')
    await ended
  })
  return {
    child,
    ended,
    said: () => out + err,
    async heard(pattern) {
      const deadline = performance.now() + startMs
      while (!pattern.test(out + err)) {
        if (child.exitCode !== null || performance.now() > deadline) throw new Error(`${file} did not say ${pattern}: ${out}${err}`)
        await wait(10)
      }
    }
  }
}

/** Runs a command of `npm run admin` to its end in this very process, which spares a second of imports. */
export async function runAdmin(env: Record<string, string | undefined>, ...args: string[]): Promise<Ended> {
  let out = ''
  let err = ''
  const code = await runCommandLine(args, { env, out: (text) => (out += text), err: (text) => (err += text) })
  return { code, out, err }
}

/** Runs a command of `npm run admin` as the process that it is. */
export function spawnAdmin(t: TestContext, env: Record<string, string | undefined>, ...args: string[]): Promise<Ended> {
  return startProcess(t, 'server/commands/main.ts', args, env).ended
}

/** A port (or the first of several in a row) of 127.0.0.1 that nobody listened on a moment ago. */
export async function findFreePorts(count = 1): Promise<number> {
  for (;;) {
    const first = await listenBriefly(0)
    const others = Array.from({ length: count - 1 }, (_, at) => first! + at + 1)
    const free = await Promise.all(others.map((port) => listenBriefly(port)))
    if (free.every((port) => port !== undefined)) return first!
  }
}

/** The port it could listen on; undefined when it was taken. */
function listenBriefly(port: number): Promise<number | undefined> {
  return new Promise((done) => {
    const server = createServer()
    server.once('error', () => done(undefined))
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => done(typeof address === 'object' ? address?.port : undefined))
    })
  })
}
