import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Database } from '#db/database.ts'
import { openDatabase } from '#db/open.ts'
import type { Reader, Transact } from '#db/reader.ts'
import type { Config } from '#server/config.ts'
import type { Reactions } from '#server/facts.ts'
import { createJobKinds, reactWith } from '#server/jobs/kinds.ts'
import type { Loop } from '#server/jobs/loop.ts'
import type { Schedule } from '#server/jobs/schedules.ts'
import { createWorker, type JobHandler, type Worker } from '#server/jobs/worker.ts'
import { createImages, type Images } from '#server/media/images.ts'
import { createDomainLimits, type DomainLimits } from '#server/moderation/domain-limits.ts'
import type { Fediverse } from '#server/peers/fediverse.ts'
import { createTraffic, type Traffic } from '#server/peers/traffic.ts'
import { type Clock, createClock } from '#server/platform/clock.ts'
import { databasePlaceOf } from '#server/platform/database-place.ts'
import { createHttpClient, type HttpClient, type HttpClientOptions } from '#server/platform/http-client.ts'
import { createIds } from '#server/platform/ids.ts'
import { createKeySource, type KeySource } from '#server/platform/key-pair.ts'
import { createLog } from '#server/platform/log.ts'
import { createMailer, type Mailer } from '#server/platform/mail.ts'
import { createMessages, type Messages } from '#server/platform/messages.ts'
import { makeOwnDirectory } from '#server/platform/own-directory.ts'
import { createMetrics, type Metrics } from '#server/platform/metrics.ts'
import { migrateSafely } from '#server/platform/migrate-safely.ts'
import { createPasswords, type Passwords } from '#server/platform/passwords.ts'
import { createRandom, type Random } from '#server/platform/random.ts'
import { openSeal, type Seal } from '#server/platform/seal.ts'
import { createSettings, seedSettings, type SettingsStore } from '#server/platform/settings.ts'
import { createDiskStorage, type Storage } from '#server/platform/storage.ts'
import { version } from '#server/version.ts'

/** Everything the instance is made of: built once by the process or by a test, passed first, no singletons. */
export interface Context extends AsyncDisposable {
  readonly config: Config
  readonly log: Logger
  readonly clock: Clock
  readonly random: Random
  readonly database: Database
  /** Reads only; `transact` is the one way to write. */
  readonly db: Reader
  readonly transact: Transact
  readonly settings: SettingsStore
  readonly limits: DomainLimits
  readonly http: HttpClient
  readonly storage: Storage
  /** Makes what is stored of a picture, so many at once. */
  readonly images: Images
  readonly mail: Mailer
  readonly messages: Messages
  readonly metrics: Metrics
  /** Counts what goes to and comes from each server. */
  readonly traffic: Traffic
  readonly passwords: Passwords
  readonly seal: Seal
  readonly keySource: KeySource
  readonly fediverse: Fediverse
  readonly worker: Worker
}

/** What joins the layers: handed in by main.ts (and the tests), since the Context may not know doors. */
export interface Wiring {
  reactions: Reactions
  schedules: readonly Schedule[]
  /** Handlers of jobs that actions enqueue by name. */
  jobs: Record<string, JobHandler>
  otherLoops(ctx: Context): Loop[]
  createFediverse(ctx: Context): Fediverse
}

/** Parts a test replaces. */
export interface ContextOverrides {
  clock?: Clock
  random?: Random
  log?: Logger
  keySource?: KeySource
  passwords?: Passwords
  /** Read and compiled before: many instances of one process may share them. */
  messages?: Messages
  /** Steers named hosts to loopback ports: see HttpClientOptions. */
  connect?: HttpClientOptions['connect']
  httpDeadlineMs?: number
  /** Leaves the schema as it is: the caller has prepared it. */
  isMigrated?: boolean
  isStrict?: boolean
}

/** Opens the database (bringing its schema up), keys, storage and the rest. Throws SchemaError or a plain sentence when it cannot. */
export async function createContext(config: Config, wiring: Wiring, overrides: ContextOverrides = {}): Promise<Context> {
  const clock = overrides.clock ?? createClock()
  const random = overrides.random ?? createRandom()
  const log = overrides.log ?? createLog(config.server.logLevel)
  const newId = createIds(clock, random)
  makeOwnDirectory(config.dataDir, 'DATA_DIR')
  const database = await openDatabase(
    databasePlaceOf(config),
    { now: () => clock.now(), newId, react: reactWith(wiring.reactions) },
    (error) => log.warn({ err: error }, 'a database connection was lost')
  )
  if (!overrides.isMigrated) await migrateSafely(database, { dataDir: config.dataDir, clock, log })
  await database.transact((tx) => seedSettings(tx, config))

  const { onlyWith } = config.federation
  const limits = createDomainLimits(database, onlyWith.length === 0 ? [] : [...onlyWith, config.host, config.handleDomain])
  const settings = createSettings(database, config)
  const http = createHttpClient({
    outbound: config.outbound,
    userAgent: `Skerry/${version} (+${config.origin}/)`,
    clock,
    isHostBlocked: (host) => limits.isSuspended(host),
    connect: overrides.connect,
    deadlineMs: overrides.httpDeadlineMs,
    deliveriesMax: config.delivery.concurrencyMax
  })
  const seal = await openSeal(config.secretsDir)

  const parts = {
    config,
    log,
    clock,
    random,
    database,
    db: database.reader,
    transact: database.transact,
    settings,
    limits,
    http,
    storage: await createDiskStorage(join(config.dataDir, 'media')),
    images: createImages(),
    mail: createMailer({ smtpUrl: config.mail.smtpUrl, from: config.mail.from, dir: join(config.dataDir, 'mail'), clock }),
    messages:
      overrides.messages ??
      createMessages({
        dir: join(import.meta.dirname, '..', 'views', 'messages'),
        defaultLanguage: 'en',
        isStrict: overrides.isStrict ?? false
      }),
    metrics: createMetrics(),
    traffic: createTraffic({ transact: database.transact, log }),
    passwords: overrides.passwords ?? createPasswords(),
    seal,
    keySource: overrides.keySource ?? createKeySource()
  }
  const ctx = parts as unknown as Context & { fediverse: Fediverse; worker: Worker }
  ctx.fediverse = wiring.createFediverse(ctx)
  ctx.worker = createWorker(ctx, createJobKinds(wiring.reactions, wiring.schedules, wiring.jobs, wiring.otherLoops))
  return Object.assign(ctx, {
    async [Symbol.asyncDispose]() {
      await parts.traffic.stop()
      await http.close()
      await database.close()
    }
  })
}
