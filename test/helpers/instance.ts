import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { FastifyInstance } from 'fastify'
import pino, { type Logger } from 'pino'
import { dialectOfProcess } from '#db/dialect.ts'
import { openDatabase } from '#db/open.ts'
import { ensureInstanceActor } from '#server/accounts/instance-actor.ts'
import { checkOrigin } from '#server/accounts/check-origin.ts'
import { createApp } from '#server/app.ts'
import { type Config, loadConfig } from '#server/config.ts'
import { type Context, type ContextOverrides, createContext, type Wiring } from '#server/context.ts'
import { createPasswords } from '#server/platform/passwords.ts'
import { wiring } from '#server/wiring.ts'
import { createTestClock, type TestClock } from '#test/helpers/clock.ts'
import { keySourceOfTests } from '#test/helpers/keys.ts'
import { createNetwork, type Network } from '#test/helpers/network.ts'
import { type Guest, guestOf, type TestPerson, createPerson } from '#test/helpers/people.ts'
import { onceARun, openScratch } from '#test/helpers/scratch.ts'
import { viewsOfTests } from '#test/helpers/views.ts'

export interface InstanceOptions {
  /** `https://skerry.test` when absent. */
  origin?: string
  handleDomain?: string
  /** Changes to the configuration, section by section. */
  config?: { [K in keyof Config]?: Partial<Config[K]> }
  overrides?: ContextOverrides
  /** Changes to what joins the layers, e.g. a reaction that a test watches. */
  wiring?: Partial<Wiring>
  /** Share one with another instance so that both can reach each other and the same remotes. */
  network?: Network
}

/** A whole instance of a test's own: a fresh database, its doors, and people who act through them. */
export interface Instance {
  readonly ctx: Context
  readonly app: FastifyInstance
  readonly config: Config
  readonly clock: TestClock
  readonly network: Network
  /** Log lines of level warn and above. */
  readonly logged: Record<string, unknown>[]
  /** A signed-in person of that name, created at the first call. */
  as(name: string, options?: { role?: 'owner' | 'admin' | 'moderator' | 'person' }): Promise<TestPerson>
  /** Somebody who is not signed in. */
  guest(): Guest
  /** Runs all jobs and deliveries that are due. */
  runJobs(): Promise<void>
}

/** Starts an instance that ends with the test. Takes milliseconds: the schema is copied, keys are pooled, pages are compiled once, hashing is cheap. */
export async function startInstance(t: TestContext, options: InstanceOptions = {}): Promise<Instance> {
  const dir = mkdtempSync(join(openScratch(), 'skerry-test-'))
  const network = options.network ?? createNetwork()
  const clock = createTestClock()
  const config = await configFor(t, dir, options)
  const logged: Record<string, unknown>[] = []
  const ctx = await createContext(
    config,
    { ...wiring, ...options.wiring },
    {
      clock,
      log: createTestLog(logged),
      keySource: keySourceOfTests,
      passwords: createPasswords({ cost: { memoryKib: 8, passes: 1, lanes: 1 } }),
      connect: network.connect,
      isMigrated: true,
      isStrict: true,
      messages: viewsOfTests().messages,
      ...options.overrides
    }
  )
  await checkOrigin(ctx)
  await ensureInstanceActor(ctx)
  const app = await createApp(ctx, viewsOfTests().renderer)
  const people = new Map<string, Promise<TestPerson>>()
  t.after(async () => {
    // A browser that is still open would hold its connections, and the end of the test with them.
    app.server.closeAllConnections()
    await app.close()
    await ctx.worker.stop(1_000)
    await ctx[Symbol.asyncDispose]()
    rmSync(dir, { recursive: true, force: true })
  })
  // Remotes and other instances of the same network reach this one at its public name.
  await app.listen({ host: '127.0.0.1', port: 0 })
  network.add(config.host, (app.server.address() as AddressInfo).port)

  return {
    ctx,
    app,
    config,
    clock,
    network,
    logged,
    as(name, { role = 'person' } = {}) {
      let person = people.get(name)
      if (!person) people.set(name, (person = createPerson(ctx, app, name, role)))
      return person
    },
    guest: () => guestOf(app, config),
    runJobs: () => ctx.worker.drain()
  }
}

async function configFor(t: TestContext, dir: string, options: InstanceOptions): Promise<Config> {
  const url = dialectOfProcess() === 'postgres' ? await (await import('#test/helpers/postgres.ts')).createTestDatabase(t) : ''
  if (url === '') {
    mkdirSync(join(dir, 'data'))
    copyFileSync(await migratedTemplate(), join(dir, 'data/skerry.sqlite'))
  }
  const base = await loadConfig({
    env: {
      ORIGIN: options.origin ?? 'https://skerry.test',
      HANDLE_DOMAIN: options.handleDomain,
      DATA_DIR: join(dir, 'data'),
      SECRETS_DIR: join(dir, 'secrets'),
      DATABASE_URL: url,
      LOG_LEVEL: 'warn'
    }
  })
  const changed = Object.entries(options.config ?? {}).map(([key, value]) => [
    key,
    typeof value === 'object' ? { ...(base[key as keyof Config] as object), ...value } : value
  ])
  return { ...base, ...Object.fromEntries(changed) }
}

let template: Promise<string> | undefined

/** One migrated SQLite file a run; each instance takes a copy. */
function migratedTemplate(): Promise<string> {
  template ??= onceARun('migrated.sqlite', async (file) => {
    const working = `${file}-working`
    const database = await openDatabase(
      { sqliteFile: working, postgresUrl: '' },
      { now: () => 0, newId: () => 0, react: async () => {} },
      () => {}
    )
    await database.migrate({ beforeChange: async () => {} })
    await database.copyTo(file)
    await database.close()
  })
  return template
}

function createTestLog(logged: Record<string, unknown>[]): Logger {
  return pino({ level: 'warn' }, { write: (line: string) => void logged.push(JSON.parse(line)) })
}
