import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import createFastify, { type FastifyInstance } from 'fastify'
import pino from 'pino'
import { accounts } from '#db/schema/accounts.ts'
import type { Account, Person } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal, statusOfRefusal } from '#server/errors.ts'
import { createJobKinds } from '#server/jobs/kinds.ts'
import { createWorker } from '#server/jobs/worker.ts'
import { createImages } from '#server/media/images.ts'
import { sweepFiles } from '#server/media/sweep-files.ts'
import { createHttpClient } from '#server/platform/http-client.ts'
import { createRandom } from '#server/platform/random.ts'
import { createDiskStorage } from '#server/platform/storage.ts'
import { mediaRoutes } from '#server/web/pages/media.ts'
import { createTestClock, type TestClock } from '#test/helpers/clock.ts'
import { openTestDatabase } from '#test/helpers/database.ts'
import { createNetwork, type Network } from '#test/helpers/network.ts'
import { openScratch } from '#test/helpers/scratch.ts'

export interface MediaContext {
  ctx: Context
  /** The media routes alone. */
  app: FastifyInstance
  clock: TestClock
  network: Network
  storageDir: string
  /** Hosts that moderation has suspended. */
  suspended: Set<string>
  person(name: string): Promise<Person>
  remoteAccount(name: string, domain: string): Promise<Account>
  runJobs(): Promise<void>
}

/** The parts of an instance that pictures need, over a real database, real storage and real HTTP. */
export async function startMedia(t: TestContext, { imageBytesMax = 16_000_000 } = {}): Promise<MediaContext> {
  const clock = createTestClock()
  const { database } = await openTestDatabase(t, { now: clock.now })
  const storageDir = mkdtempSync(join(openScratch(), 'skerry-media-'))
  const network = createNetwork()
  const suspended = new Set<string>()
  const outbound = { allowAddresses: ['127.0.0.1'], allowHttp: true, dnsServers: [], connectionsMax: 20 }
  const isSuspended = async (host: string) => suspended.has(host)
  const http = createHttpClient({ outbound, userAgent: 'Skerry test', clock, connect: network.connect, isHostBlocked: isSuspended })
  const parts = {
    config: { origin: 'https://skerry.test', host: 'skerry.test', limits: { imageBytesMax, imagesPerPostMax: 4 } },
    log: pino({ level: 'silent' }),
    clock,
    random: createRandom(),
    database,
    db: database.reader,
    transact: database.transact,
    limits: { isSuspended },
    http,
    storage: await createDiskStorage(storageDir),
    images: createImages()
  }
  const ctx = parts as unknown as Context
  const worker = createWorker(
    ctx,
    createJobKinds({}, [], { 'sweep-media-files': sweepFiles }, () => [])
  )
  const app = createFastify()
  app.setErrorHandler((error, _request, reply) => {
    reply.code(error instanceof Refusal ? statusOfRefusal[error.kind] : 500).send(String(error))
  })
  await mediaRoutes(app, ctx)
  t.after(async () => {
    await app.close()
    await http.close()
    rmSync(storageDir, { recursive: true, force: true })
  })

  async function addAccount(name: string, domain: string | null): Promise<Account> {
    const uri = `https://${domain ?? 'skerry.test'}/@${name}`
    return ctx.transact(async (tx) => {
      const [account] = await tx
        .insert(accounts)
        .values({ id: tx.newId(), name, nameKey: name, domain, uri, createdAt: tx.now })
        .returning()
      return account as Account
    })
  }

  return {
    ctx,
    app,
    clock,
    network,
    storageDir,
    suspended,
    person: async (name) => ({ kind: 'account', account: await addAccount(name, null), user: {} as Person['user'] }),
    remoteAccount: addAccount,
    runJobs: () => worker.drain()
  }
}
