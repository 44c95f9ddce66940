import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { dialectOfProcess } from '#db/dialect.ts'
import { type Config, type Environment, loadConfig } from '#server/config.ts'
import { type Context, createContext, type Wiring } from '#server/context.ts'
import { createLog } from '#server/platform/log.ts'
import { keySourceOfTests } from '#test/helpers/keys.ts'
import { openScratch } from '#test/helpers/scratch.ts'

/** Nothing follows from anything: for tests of what stands below the doors. */
const bareWiring: Wiring = {
  reactions: {},
  schedules: [],
  jobs: {},
  otherLoops: () => [],
  createFediverse: () => ({ resolve: async () => ({ kind: 'nothing' }), refreshAccount: async () => undefined })
}

/** A directory and a database of the test's own, and the environment that leads to them; all of it ends with the test. */
export async function makePlace(t: TestContext): Promise<{ dir: string; env: Environment; config: Config }> {
  const dir = mkdtempSync(join(openScratch(), 'skerry-place-'))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  const url = dialectOfProcess() === 'postgres' ? await (await import('#test/helpers/postgres.ts')).createEmptyDatabase(t) : ''
  const env = { ORIGIN: 'https://skerry.test', DATA_DIR: join(dir, 'data'), DATABASE_URL: url, LOG_LEVEL: 'warn' }
  return { dir, env, config: await loadConfig({ env }) }
}

/** A Context without doors and reactions over a place, migrated for real; a test may close it before it ends. */
export async function openGround(t: TestContext, config: Config): Promise<Context> {
  const ctx = await createContext(config, bareWiring, { keySource: keySourceOfTests, log: createLog('silent'), isStrict: true })
  const close = ctx[Symbol.asyncDispose].bind(ctx)
  let closing: Promise<void> | undefined
  const once = Object.assign(ctx, { [Symbol.asyncDispose]: () => (closing ??= Promise.resolve(close())) })
  t.after(() => once[Symbol.asyncDispose]())
  return once
}
