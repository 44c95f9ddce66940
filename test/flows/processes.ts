import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type IncomingHttpHeaders, type IncomingMessage, request as httpRequest } from 'node:http'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { dialectOfProcess } from '#db/dialect.ts'
import { freePort } from '#test/helpers/free-port.ts'
import { hiddenFieldsOf } from '#test/helpers/html.ts'
import { serverEnvironment } from '#test/helpers/server-environment.ts'
import { openScratch } from '#test/helpers/scratch.ts'

const main = join(import.meta.dirname, '../../server/main.ts')
const startMsMax = 60_000
const untilMsMax = 20_000
const pollMs = 100

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  /** From the signal to the end, ms. */
  tookMs: number
}

/** An instance in a process of its own, started as an operator would: by its environment alone. */
export interface ServerProcess {
  readonly origin: string
  readonly host: string
  readonly dataDir: string
  /** What it wrote to its terminal since the last start. */
  output(): string
  /** Starts it (again), on the same place; resolves once it answers. */
  start(): Promise<void>
  /** Runs it until it ends by itself, for starts that are refused. */
  startAndEnd(): Promise<Ended>
  end(signal: NodeJS.Signals): Promise<Ended>
  visitor(): Visitor
  /** The newest link of that kind in the mails that it wrote. */
  linkMailed(part: string): string | undefined
}

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  text: string
}

/** A browser without JavaScript at the other end of a real socket. */
export interface Visitor {
  get(path: string): Promise<Answer>
  /** The page's text; fails unless it is answered 200. */
  page(path: string): Promise<string>
  /** Sends a form, and gives the answer to it (a redirect is not followed). */
  submit(path: string, fields?: Record<string, string>): Promise<Answer>
}

/** A place for an instance called `http://<name>.localhost:<port>`; nothing runs yet. All of it ends with the test. */
export async function placeFor(t: TestContext, name: string, env: Record<string, string> = {}): Promise<ServerProcess> {
  const dir = mkdtempSync(join(openScratch(), `skerry-${name}-`))
  const port = await freePort()
  const host = `${name}.localhost:${port}`
  const origin = `http://${host}`
  const dataDir = join(dir, 'data')
  const file = join(dir, 'instance.config.ts')
  writeFileSync(file, `export default { instance: { name: '${name}', signUp: 'open' } }\n`)
  const url = dialectOfProcess() === 'postgres' ? await (await import('#test/helpers/postgres.ts')).createEmptyDatabase(t) : ''
  let child: ChildProcess | undefined
  let output = ''

  function spawnServer(): ChildProcess {
    output = ''
    const started = spawn(process.execPath, [main], {
      cwd: dir,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...serverEnvironment(),
        HOME: dir,
        PORT: String(port),
        ORIGIN: origin,
        DATA_DIR: dataDir,
        DATABASE_URL: url,
        INSTANCE_CONFIG: file,
        OUTBOUND_ALLOW_HTTP: '1',
        OUTBOUND_ALLOW_ADDRESSES: '127.0.0.1',
        LOG_LEVEL: 'warn',
        ...env
      }
    })
    for (const stream of [started.stdout, started.stderr]) stream!.setEncoding('utf8').on('data', (text: string) => (output += text))
    child = started
    return started
  }

  async function end(signal: NodeJS.Signals): Promise<Ended> {
    const ending = child!
    const startedAt = performance.now()
    if (ending.exitCode === null && ending.signalCode === null) {
      const exited = once(ending, 'exit')
      ending.kill(signal)
      await exited
    }
    return { code: ending.exitCode, signal: ending.signalCode, tookMs: performance.now() - startedAt }
  }

  t.after(async () => {
    if (child) await end('SIGKILL')
    rmSync(dir, { recursive: true, force: true })
  })

  const place: ServerProcess = {
    origin,
    host,
    dataDir,
    output: () => output,
    end,
    async start() {
      const started = spawnServer()
      await until(
        `${name} to answer`,
        async () => {
          if (started.exitCode !== null) throw new Error(`${name} ended with ${started.exitCode}: ${output}`)
          return (await place.visitor().get('/readyz')).status === 200
        },
        startMsMax
      )
      // The greeting is the last thing it does before it is ready for people.
      await until(`${name} to greet`, async () => output.includes(origin), startMsMax)
    },
    async startAndEnd() {
      const before = child
      const startedAt = performance.now()
      const started = spawnServer()
      const [code, signal] = (await once(started, 'exit')) as [number | null, NodeJS.Signals | null]
      child = before
      return { code, signal, tookMs: performance.now() - startedAt }
    },
    visitor: () => visitorOf(host, port),
    linkMailed(part) {
      const mails = join(dataDir, 'mail')
      mkdirSync(mails, { recursive: true })
      const texts = readdirSync(mails)
        .sort()
        .map((each) =>
          readFileSync(join(mails, each), 'utf8')
            .replace(/=\r?\n/g, '')
            .replaceAll('=3D', '=')
        )
      const found = texts
        .flatMap((text) => [...text.matchAll(/https?:\/\/\S+/g)].map(([link]) => link))
        .filter((link) => link.includes(part))
      return found.at(-1)
    }
  }
  return place
}

/** Asks again and again until it is so; what was asked last stands in the error. Errors of the question count as no. */
export async function until(what: string, isSo: () => Promise<unknown>, msMax = untilMsMax): Promise<void> {
  const endsAt = performance.now() + msMax
  let last: unknown
  for (;;) {
    try {
      last = await isSo()
      if (last) return
    } catch (error) {
      if ((error as { code?: string }).code !== 'ECONNREFUSED' && (error as { code?: string }).code !== 'ECONNRESET') throw error
      last = error
    }
    if (performance.now() > endsAt) throw new Error(`Waited ${msMax / 1_000} s for ${what}; last: ${String(last)}`)
    await wait(pollMs)
  }
}

function visitorOf(host: string, port: number): Visitor {
  const cookies = new Map<string, string>()
  let csrf: string | undefined

  async function ask(method: string, path: string, headers: Record<string, string>, body?: string): Promise<Answer> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await exchange(port, {
      method,
      path,
      headers: { host, accept: 'text/html', ...(cookie === '' ? {} : { cookie }), ...headers },
      body
    })
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (name === undefined) continue
      if (!value || /max-age=0/i.test(line)) cookies.delete(name)
      else cookies.set(name, value)
    }
    csrf = hiddenFieldsOf(answer.text).csrf ?? csrf
    return answer
  }

  const visitor: Visitor = {
    get: (path) => ask('GET', path, {}),
    async page(path) {
      const { status, text } = await visitor.get(path)
      if (status !== 200) throw new Error(`GET ${path} answered ${status}: ${text.slice(0, 500)}`)
      return text
    },
    async submit(path, fields = {}) {
      if (csrf === undefined) await visitor.get('/sign-in')
      const body = new URLSearchParams({ csrf: csrf ?? '', ...fields }).toString()
      const answer = await ask('POST', path, { origin: `http://${host}`, 'content-type': 'application/x-www-form-urlencoded' }, body)
      // Whoever has become somebody else needs a new token.
      if (/^\/(sign-in|sign-out|owner\/)/.test(path)) csrf = undefined
      return answer
    }
  }
  return visitor
}

interface Asked {
  method?: string
  path: string
  headers: Record<string, string>
  body?: string
}

/** One request over a socket of its own. */
export async function exchange(port: number, { method = 'GET', path, headers, body = '' }: Asked): Promise<Answer> {
  const options = {
    host: '127.0.0.1',
    port,
    method,
    path,
    agent: false,
    headers: { ...headers, 'content-length': Buffer.byteLength(body) }
  }
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    httpRequest(options, resolve).on('error', reject).end(body)
  })
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer)
  return { status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(chunks).toString() }
}
