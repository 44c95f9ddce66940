import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { checkOrigin } from '#server/accounts/check-origin.ts'
import { ensureInstanceActor } from '#server/accounts/instance-actor.ts'
import { createApp } from '#server/app.ts'
import { loadConfig } from '#server/config.ts'
import { type Context, type ContextOverrides, createContext } from '#server/context.ts'
import { databasePlaceOf } from '#server/platform/database-place.ts'
import { createPasswords } from '#server/platform/passwords.ts'
import { wiring } from '#server/wiring.ts'
import { dialectOfProcess } from '#db/dialect.ts'
import { createBenchDatabase } from '#test/bench/postgres.ts'
import { keySourceOfTests } from '#test/helpers/keys.ts'
import { createNetwork, type Network } from '#test/helpers/network.ts'
import { openScratch } from '#test/helpers/scratch.ts'

export interface BenchInstance {
  ctx: Context
  app: FastifyInstance
  network: Network
  /** The SQLite file or the address of the PostgreSQL database, for filling it fast. */
  place: string
  close(): Promise<void>
}

/** An instance as `npm start` makes it but for cheap keys and passwords: on SQLite, or on a PostgreSQL of its own with TEST_DATABASE=postgres. */
export async function startBenchInstance(overrides: ContextOverrides = {}): Promise<BenchInstance> {
  const dir = mkdtempSync(join(openScratch(), 'skerry-bench-'))
  const url = dialectOfProcess() === 'postgres' ? await createBenchDatabase() : ''
  const config = await loadConfig({ env: { ORIGIN: 'https://bench.test', DATA_DIR: dir, DATABASE_URL: url, LOG_LEVEL: 'error' } })
  const network = createNetwork()
  const ctx = await createContext(config, wiring, {
    keySource: keySourceOfTests,
    passwords: createPasswords({ cost: { memoryKib: 8, passes: 1, lanes: 1 } }),
    connect: network.connect,
    ...overrides
  })
  await checkOrigin(ctx)
  await ensureInstanceActor(ctx)
  const app = await createApp(ctx)
  await app.ready()
  return {
    ctx,
    app,
    network,
    place: url || databasePlaceOf(config).sqliteFile,
    async close() {
      await app.close()
      await ctx[Symbol.asyncDispose]()
      rmSync(dir, { recursive: true, force: true })
    }
  }
}
