import { dirname, resolve } from 'node:path'
import { ConfigError } from '#server/config/config-error.ts'
import { readConfigFile } from '#server/config/config-file.ts'
import { type Given, loadValues } from '#server/config/load-values.ts'

export { ConfigError } from '#server/config/config-error.ts'

/**
 * What an operator may write into instance.config.ts, as an object or as a function `({ env }) => …` that gives one and so need import
 * nothing. Every field is optional; `loadConfig` below says what silence means.
 */
export interface InstanceConfig {
  /** Public address people and servers reach this instance at, e.g. `https://skerry.example`. Part of every id: fixed at first start. */
  origin?: string
  /** Domain of the handles (`@ana@example.org`) when it differs from the origin's host. Fixed at first start. */
  handleDomain?: string
  server?: {
    host?: string
    port?: number
    /** Addresses or CIDR ranges of reverse proxies whose X-Forwarded-For is believed; none by default. */
    trustProxy?: string[]
    role?: 'all' | 'web' | 'worker'
    logLevel?: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'
  }
  /** Directory for the SQLite database, media, outgoing mail without SMTP, and the copies made before migrations. */
  dataDir?: string
  /** Directory (0700) for keys that must not lie in the database. */
  secretsDir?: string
  database?: {
    /** Empty for SQLite in dataDir, or `postgres://…`. */
    url?: string
  }
  mail?: {
    /** `smtp://user:password@host:587`; empty writes mails to dataDir/mail. Prefer the environment for this: it holds a secret. */
    smtpUrl?: string
    from?: string
  }
  outbound?: {
    /** Addresses in private ranges that may be contacted all the same (tests only). */
    allowAddresses?: string[]
    /** Whether http:// peers are spoken to (tests only). */
    allowHttp?: boolean
    /** DNS servers (`address` or `address:port`) to ask in place of the system's (tests only). */
    dnsServers?: string[]
    /** Requests under way at once, to all hosts together. */
    connectionsMax?: number
  }
  delivery?: {
    /** Deliveries under way at once, to all hosts together; those that wait for an answer count too and cost little. */
    concurrencyMax?: number
  }
  federation?: {
    /** Which documents other servers must sign their requests for: see AuthorizedFetch. */
    authorizedFetch?: AuthorizedFetch
    /** Domains (with all below them) that are spoken with, and nobody else; then `required` holds above. Empty: with everybody. */
    onlyWith?: string[]
  }
  /** First values of what admins change while it runs; read once, at first start, into the settings table. */
  instance?: {
    name?: string
    description?: string
    contactEmail?: string
    language?: string
    timeZone?: string
    signUp?: 'approval' | 'open' | 'invite' | 'closed'
    postCharactersMax?: number
    rules?: string[]
  }
  limits?: {
    imageBytesMax?: number
    imagesPerPostMax?: number
  }
}

/**
 * What other servers read here without saying who they are. `off`: everything public, and nothing else is served to anybody. `non-public`: everything public, and
 * the rest to whoever proves by a signature that they may see it. `required`: nothing without a signature, but for the instance actor, WebFinger and NodeInfo.
 */
export type AuthorizedFetch = 'off' | 'non-public' | 'required'

/** The configuration with everything decided: file, then environment, then defaults. Times in ms, sizes in bytes. */
export interface Config {
  origin: string
  /** Host of the origin as it stands in handles and ids (`skerry.example`, `red.localhost:3001`). */
  host: string
  handleDomain: string
  /** Whether an operator said the origin and the handle domain; else they are what follows from the port. */
  given: { origin: boolean; handleDomain: boolean }
  isHttps: boolean
  server: { host: string; port: number; trustProxy: string[]; role: 'all' | 'web' | 'worker'; logLevel: string }
  dataDir: string
  secretsDir: string
  database: { dialect: 'sqlite' | 'postgres'; url: string }
  mail: { smtpUrl: string; from: string }
  outbound: { allowAddresses: string[]; allowHttp: boolean; dnsServers: string[]; connectionsMax: number }
  delivery: { concurrencyMax: number }
  federation: { authorizedFetch: AuthorizedFetch; onlyWith: string[] }
  instance: {
    name: string
    description: string
    contactEmail: string
    language: string
    timeZone: string
    signUp: 'approval' | 'open' | 'invite' | 'closed'
    postCharactersMax: number
    rules: string[]
  }
  limits: { imageBytesMax: number; imagesPerPostMax: number }
}

export type Environment = Record<string, string | undefined>

const fileByDefault = 'instance.config.ts'
const portByDefault = 3000
const MiB = 1024 ** 2

/**
 * The configuration of this process: environment over file over defaults, checked as a whole. The file is `file`, else what
 * INSTANCE_CONFIG names, else instance.config.ts of the checkout if it is there. Throws ConfigError, whose message names the
 * environment variable, or the file and line, and the remedy.
 */
export async function loadConfig({ file, env = process.env }: { file?: string; env?: Environment } = {}): Promise<Config> {
  const named = file ?? (env.INSTANCE_CONFIG || undefined)
  const read = await readConfigFile(named ?? fileByDefault, named !== undefined, env)
  const values = loadValues(read, env)
  const config = decide(values, read?.path)
  refuseWhatDoesNotFit(config, values, env.INSECURE_TEST_MODE === '1')
  return config
}

function decide(values: Map<string, Given>, file: string | undefined): Config {
  // The schema of each setting has the type that `Config` gives it; the table is keyed by text, so it is said again here.
  const get = <T>(path: string, silence: T): T => (values.get(path)?.value as T | undefined) ?? silence
  const directory = (path: string, silence: string): string => {
    const given = values.get(path)
    // A path in a file means a place near that file, a path in the environment one near where the command was started.
    return given?.isFromFile && file ? resolve(dirname(file), String(given.value)) : resolve(String(given?.value ?? silence))
  }
  const port = get('server.port', portByDefault)
  const origin = get('origin', `http://localhost:${port}`)
  const { host, hostname, protocol } = new URL(origin)
  const name = get('instance.name', 'Skerry')
  const onlyWith = get<string[]>('federation.onlyWith', [])
  const dataDir = directory('dataDir', 'data')
  const databaseUrl = get('database.url', '')
  return {
    origin,
    host,
    handleDomain: get('handleDomain', host),
    given: { origin: values.has('origin'), handleDomain: values.has('handleDomain') },
    isHttps: protocol === 'https:',
    server: {
      host: get('server.host', '127.0.0.1'),
      port,
      trustProxy: get<string[]>('server.trustProxy', []),
      role: get<Config['server']['role']>('server.role', 'all'),
      logLevel: get('server.logLevel', 'info')
    },
    dataDir,
    secretsDir: directory('secretsDir', resolve(dataDir, 'secrets')),
    database: { dialect: databaseUrl === '' ? 'sqlite' : 'postgres', url: databaseUrl },
    mail: { smtpUrl: get('mail.smtpUrl', ''), from: get('mail.from', `${senderName(name)} <no-reply@${hostname}>`) },
    outbound: {
      allowAddresses: get<string[]>('outbound.allowAddresses', []),
      allowHttp: get('outbound.allowHttp', false),
      dnsServers: get<string[]>('outbound.dnsServers', []),
      connectionsMax: get('outbound.connectionsMax', 100)
    },
    delivery: { concurrencyMax: get('delivery.concurrencyMax', 600) },
    federation: {
      // What only some may read is shown to nobody who does not say who they are.
      authorizedFetch: onlyWith.length > 0 ? 'required' : get<AuthorizedFetch>('federation.authorizedFetch', 'non-public'),
      onlyWith
    },
    instance: {
      name,
      description: get('instance.description', ''),
      contactEmail: get('instance.contactEmail', ''),
      language: get('instance.language', 'en'),
      timeZone: get('instance.timeZone', 'UTC'),
      signUp: get<Config['instance']['signUp']>('instance.signUp', 'approval'),
      postCharactersMax: get('instance.postCharactersMax', 5000),
      rules: get<string[]>('instance.rules', [])
    },
    limits: { imageBytesMax: get('limits.imageBytesMax', 16 * MiB), imagesPerPostMax: get('limits.imagesPerPostMax', 4) }
  }
}

/** Values that are right each alone, and wrong together. */
function refuseWhatDoesNotFit(config: Config, values: Map<string, Given>, isInsecureTest: boolean): void {
  const placeOf = (path: string) => values.get(path)?.place ?? path
  if (config.server.port === 0 && !values.has('origin')) {
    throw new ConfigError(`With port 0 (${placeOf('server.port')}) the system chooses a port, so the address has to be said: set ORIGIN.`)
  }
  if (config.database.dialect === 'sqlite' && config.server.role !== 'all') {
    throw new ConfigError(
      `The role "${config.server.role}" (${placeOf('server.role')}) parts the work between processes, which needs PostgreSQL: set DATABASE_URL to postgres://…, or use the role "all".`
    )
  }
  if (isInsecureTest) return
  if (!config.isHttps && !isThisMachine(new URL(config.origin).hostname)) {
    throw new ConfigError(
      `The origin ${config.origin} (${placeOf('origin')}) is not on this machine and so needs https: write https://${config.host} and put a reverse proxy with a certificate in front.`
    )
  }
  if (!config.isHttps || isThisMachine(new URL(config.origin).hostname)) return
  const open = ['outbound.allowAddresses', 'outbound.allowHttp', 'outbound.dnsServers'].find((path) => isOpen(values.get(path)?.value))
  if (open !== undefined) {
    throw new ConfigError(
      `${capital(placeOf(open))} opens doors meant for tests, and ${config.origin} is a public address: remove it (or set INSECURE_TEST_MODE=1 on a machine that is only for tests).`
    )
  }
}

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname)
}

function isOpen(value: unknown): boolean {
  return value === true || (Array.isArray(value) && value.length > 0)
}

function senderName(name: string): string {
  return name.replace(/[^\p{L}\p{N} _-]/gu, '').trim() || 'Skerry'
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
