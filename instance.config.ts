// The configuration of this instance. Each line shows what holds when it is left out, so nothing here has to be changed for a first
// look. Environment variables (named in capitals) win over this file. Changes take effect at the next start. No secrets belong here.
import type { InstanceConfig } from '#server/config.ts'

export default {
  // Public address, such as 'https://skerry.example'. It is part of every id: fixed at first start. ORIGIN
  origin: undefined, // http://localhost:<port>
  // Domain of the handles (@ana@example.org) when it is not the host of the origin. Fixed at first start. HANDLE_DOMAIN
  handleDomain: undefined, // the host of the origin
  // Where this process listens, and what it does.
  server: {
    // Address to listen on; a reverse proxy on this machine reaches 127.0.0.1, a container needs '0.0.0.0'. HOST
    host: '127.0.0.1',
    // Port to listen on. PORT
    port: 3000,
    // Addresses or ranges of reverse proxies whose X-Forwarded-For is believed, such as ['127.0.0.1']. TRUST_PROXY
    trustProxy: [],
    // 'all'; or 'web' and 'worker' in processes of their own, with PostgreSQL. ROLE
    role: 'all',
    // 'trace', 'debug', 'info', 'warn', 'error' or 'silent'. LOG_LEVEL
    logLevel: 'info'
  },
  // Directory for the SQLite database, media, mail that has no SMTP server, and copies made before migrations. DATA_DIR
  dataDir: './data',
  // Directory (mode 0700) for the keys that must not lie in the database. SECRETS_DIR
  secretsDir: undefined, // <dataDir>/secrets
  // The database; its address may hold a password, so set it in the environment.
  database: {
    // '' for SQLite in the data directory, or 'postgres://user@host/database'. DATABASE_URL
    url: ''
  },
  // Outgoing mail; the server's address holds a password, so set it in the environment.
  mail: {
    // '' writes mails to <dataDir>/mail, or 'smtp://host:587'. SMTP_URL
    smtpUrl: '',
    // Sender of every mail.
    from: undefined // <name of the instance> <no-reply@host of the origin>
  },
  // How this instance calls others.
  outbound: {
    // Private addresses that may be called all the same; for tests only. OUTBOUND_ALLOW_ADDRESSES
    allowAddresses: [],
    // Whether http:// is spoken to others; for tests only. OUTBOUND_ALLOW_HTTP
    allowHttp: false,
    // Name servers to ask in place of the system's; for tests only. OUTBOUND_DNS_SERVERS
    dnsServers: [],
    // Requests under way at once, to all hosts together.
    connectionsMax: 100
  },
  delivery: {
    // Deliveries under way at once, to all hosts together; most of them only wait for an answer.
    concurrencyMax: 600
  },
  // What this instance tells other servers.
  federation: {
    // Requests that must be signed: 'off' (only what is public is served, to everybody), 'non-public' (the rest goes to whoever proves that they may see
    // it), or 'required' (nothing goes to anybody unknown; some servers, and whoever shows previews of links, then read nothing). AUTHORIZED_FETCH
    authorizedFetch: 'non-public',
    // Domains that are spoken with, and nobody else; every request must then be signed. Empty for everybody. FEDERATE_ONLY_WITH
    onlyWith: []
  },
  // First values of what admins change on /admin/settings while it runs; read once, at first start.
  instance: {
    // Name, shown in the head of every page.
    name: 'Skerry',
    // What this place is about, shown on the front page and /about.
    description: '',
    // Address at which people and other servers reach whoever runs this.
    contactEmail: '',
    // Language of pages for those who did not choose one.
    language: 'en',
    // Time zone in which times are shown to those who did not choose one.
    timeZone: 'UTC',
    // 'approval' (an admin lets people in), 'open', 'invite' or 'closed'.
    signUp: 'approval',
    // Longest post, in characters.
    postCharactersMax: 5000,
    // What people agree to when they sign up, one text a rule.
    rules: []
  },
  // Ceilings that protect the machine.
  limits: {
    // Largest image that may be uploaded, in bytes (16 MiB).
    imageBytesMax: 16 * 1024 * 1024,
    // Images on one post.
    imagesPerPostMax: 4
  }
} satisfies InstanceConfig
