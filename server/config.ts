/** What an operator may write into instance.config.ts. Every field is optional; `defaults` below says what silence means. */
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

/** The configuration with everything decided: file, then environment, then defaults. Times in ms, sizes in bytes. */
export interface Config {
  origin: string
  /** Host of the origin as it stands in handles and ids (`skerry.example`, `red.localhost:3001`). */
  host: string
  handleDomain: string
  isHttps: boolean
  server: { host: string; port: number; trustProxy: string[]; role: 'all' | 'web' | 'worker'; logLevel: string }
  dataDir: string
  secretsDir: string
  database: { dialect: 'sqlite' | 'postgres'; url: string }
  mail: { smtpUrl: string; from: string }
  outbound: { allowAddresses: string[]; allowHttp: boolean; dnsServers: string[]; connectionsMax: number }
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
