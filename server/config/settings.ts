import ipaddr from 'ipaddr.js'
import * as v from 'valibot'
import {
  descriptionCharactersMax,
  instanceNameCharactersMax,
  postCharactersLimit,
  ruleCharactersMax,
  rulesMax
} from '#server/config/setting-limits.ts'
import { normalizeHost } from '#server/platform/host-names.ts'
import { isTimeZone } from '#server/platform/time-zones.ts'

/** How the text of an environment variable becomes a value: one text, a whole number, yes or no, or a list parted by commas. */
export type Reading = 'text' | 'number' | 'flag' | 'list'

/** One thing that can be configured: how it is checked, which environment variable overrides it, and what to tell whoever got it wrong. */
export interface Setting {
  schema: v.GenericSchema<unknown, unknown>
  /** Ends the sentence "… but it must be". */
  must: string
  env?: string
  reading?: Reading
  /** It may hold a password and is never repeated in a message. */
  isSecret?: boolean
  /** An environment variable that is set but empty means the empty value, rather than nothing. */
  isEmptyMeant?: boolean
}

const portMax = 65_535

const text = v.string()
const flag = v.boolean()
const shortLine = v.pipe(text, v.minLength(1), v.maxLength(instanceNameCharactersMax), v.regex(/^[^\p{Cc}]*$/u))

/** Every setting by its path in instance.config.ts; the values are in `Config` terms once they passed. */
export const settings: Record<string, Setting> = {
  origin: {
    env: 'ORIGIN',
    schema: readBy(readOrigin),
    must: 'an address without a path, such as https://skerry.example'
  },
  handleDomain: {
    env: 'HANDLE_DOMAIN',
    schema: readBy(normalizeHost),
    must: 'a domain without scheme or path, such as example.org'
  },
  'server.host': {
    env: 'HOST',
    schema: v.pipe(
      text,
      v.regex(/^[A-Za-z0-9._:-]+$/),
      v.check((value) => value.includes('::') || !/:\d+$/.test(value))
    ),
    must: 'an address of this machine without a port, such as 127.0.0.1 or 0.0.0.0 (the port is server.port, or PORT)'
  },
  'server.port': {
    env: 'PORT',
    reading: 'number',
    schema: wholeNumber(0, portMax),
    must: `a whole number from 0 to ${portMax}, such as 3000`
  },
  'server.trustProxy': {
    env: 'TRUST_PROXY',
    reading: 'list',
    schema: v.array(v.pipe(text, v.check(isAddressRange))),
    must: 'a list of IP addresses or ranges of your reverse proxies, such as 127.0.0.1 or 10.0.0.0/8'
  },
  'server.role': { env: 'ROLE', schema: v.picklist(['all', 'web', 'worker']), must: 'all, web or worker' },
  'server.logLevel': {
    env: 'LOG_LEVEL',
    schema: v.picklist(['trace', 'debug', 'info', 'warn', 'error', 'silent']),
    must: 'trace, debug, info, warn, error or silent'
  },
  dataDir: { env: 'DATA_DIR', schema: directory(), must: 'the path of a directory, such as ./data' },
  secretsDir: { env: 'SECRETS_DIR', schema: directory(), must: 'the path of a directory, such as ./data/secrets' },
  'database.url': {
    env: 'DATABASE_URL',
    isSecret: true,
    isEmptyMeant: true,
    schema: v.pipe(
      text,
      v.check((value) => value === '' || hasProtocol(value, ['postgres:', 'postgresql:']))
    ),
    must: 'empty for SQLite in the data directory, or postgres://user:password@host/database'
  },
  'mail.smtpUrl': {
    env: 'SMTP_URL',
    isSecret: true,
    isEmptyMeant: true,
    schema: v.pipe(
      text,
      v.check((value) => value === '' || hasProtocol(value, ['smtp:', 'smtps:']))
    ),
    must: 'empty, or smtp://user:password@host:587 (smtps:// for port 465)'
  },
  'mail.from': {
    schema: v.pipe(shortLine, v.regex(/^([^<>@]+<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/)),
    must: 'a sender such as Skerry <no-reply@skerry.example>'
  },
  'outbound.allowAddresses': {
    env: 'OUTBOUND_ALLOW_ADDRESSES',
    reading: 'list',
    schema: v.array(v.pipe(text, v.check(isAddressRange))),
    must: 'a list of IP addresses or ranges, such as 127.0.0.2'
  },
  'outbound.allowHttp': { env: 'OUTBOUND_ALLOW_HTTP', reading: 'flag', schema: flag, must: 'true or false' },
  'outbound.dnsServers': {
    env: 'OUTBOUND_DNS_SERVERS',
    reading: 'list',
    schema: v.array(v.pipe(text, v.check(isNameServer))),
    must: 'a list of IP addresses of name servers, such as 127.0.0.1:5353'
  },
  'outbound.connectionsMax': { schema: wholeNumber(1, 10_000), must: 'a whole number from 1 to 10000, such as 100' },
  'delivery.concurrencyMax': { schema: wholeNumber(2, 10_000), must: 'a whole number from 2 to 10000, such as 600' },
  'federation.authorizedFetch': {
    env: 'AUTHORIZED_FETCH',
    schema: v.picklist(['off', 'non-public', 'required']),
    must: 'off, non-public or required'
  },
  'federation.onlyWith': {
    env: 'FEDERATE_ONLY_WITH',
    reading: 'list',
    schema: v.array(readBy(normalizeHost)),
    must: 'a list of domains, such as friends.example'
  },
  'instance.name': { schema: shortLine, must: `one line of 1 to ${instanceNameCharactersMax} characters` },
  'instance.description': {
    schema: v.pipe(text, v.maxLength(descriptionCharactersMax)),
    must: `a text of at most ${descriptionCharactersMax} characters`
  },
  'instance.contactEmail': {
    schema: v.union([v.literal(''), v.pipe(text, v.email())]),
    must: 'empty, or an e-mail address such as admin@skerry.example'
  },
  'instance.language': { schema: v.pipe(text, v.check(isLanguage)), must: 'a language tag such as en, de or pt-BR' },
  'instance.timeZone': { schema: v.pipe(text, v.check(isTimeZone)), must: 'the name of a time zone such as UTC or Europe/Helsinki' },
  'instance.signUp': { schema: v.picklist(['approval', 'open', 'invite', 'closed']), must: 'approval, open, invite or closed' },
  'instance.postCharactersMax': {
    schema: wholeNumber(postCharactersLimit.min, postCharactersLimit.max),
    must: `a whole number from ${postCharactersLimit.min} to ${postCharactersLimit.max}, such as 5000`
  },
  'instance.rules': {
    schema: v.pipe(v.array(v.pipe(text, v.trim(), v.minLength(1), v.maxLength(ruleCharactersMax))), v.maxLength(rulesMax)),
    must: `a list of at most ${rulesMax} texts of 1 to ${ruleCharactersMax} characters`
  },
  'limits.imageBytesMax': {
    schema: wholeNumber(1024, 1024 ** 3),
    must: 'a whole number of bytes from 1024 to 1073741824, such as 16777216'
  },
  'limits.imagesPerPostMax': { schema: wholeNumber(0, 32), must: 'a whole number from 0 to 32, such as 4' }
}

function wholeNumber(min: number, max: number) {
  return v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max))
}

/** A text in the one spelling that `read` gives it; undefined means it is none. */
function readBy(read: (value: string) => string | undefined) {
  return v.pipe(
    text,
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      const value = read(dataset.value)
      if (value !== undefined) return value
      addIssue()
      return NEVER
    })
  )
}

function directory() {
  return v.pipe(
    text,
    v.check((value) => value.trim() !== '' && !value.includes('\0'))
  )
}

function readOrigin(value: string): string | undefined {
  const url = URL.parse(value)
  if (!url || !['https:', 'http:'].includes(url.protocol)) return undefined
  if (url.username || url.password || url.pathname !== '/' || url.search || url.hash) return undefined
  return normalizeHost(url.host) === undefined || url.hostname.endsWith('.') ? undefined : url.origin
}

function isAddressRange(value: string): boolean {
  return ipaddr.isValid(value) || (value.includes('/') && ipaddr.isValidCIDR(value))
}

function isNameServer(value: string): boolean {
  const found = /^(?:\[(?<six>[^\]]+)\]|(?<four>[^:]+))(?::(?<port>\d+))?$/.exec(value)
  if (!found?.groups) return ipaddr.IPv6.isValid(value)
  const { six, four, port } = found.groups
  return ipaddr.isValid(six ?? four ?? '') && Number(port ?? 53) <= portMax
}

function hasProtocol(value: string, protocols: string[]): boolean {
  const url = URL.parse(value)
  return url !== null && url.host !== '' && protocols.includes(url.protocol)
}

function isLanguage(value: string): boolean {
  try {
    Intl.getCanonicalLocales(value)
    return true
  } catch {
    // Intl says no by throwing.
    return false
  }
}
