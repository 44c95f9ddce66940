import { isIP } from 'node:net'
import { getDomain } from 'tldts'

const hostCharactersMax = 253
const labelCharactersMax = 63

/** Letters that a host may hold once it is written in its ASCII form; `_`, and `-` at either end, because real servers have them. */
const label = /^[a-z0-9_-]+$/

/** What has no place in a host that somebody typed or sent: URL parsers drop, decode or reinterpret these silently. */
const neverInHost = /[\s\p{Cc}%/\\?#@]/u

/** An https URL whose host is already in its one spelling: nothing that a URL parser would change, decode, or take for a number or punycode. */
const plainAddress = /^https:\/\/((?:(?!xn--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24})(?:\/|$)/

/**
 * The one spelling of a host (`host` or `host:port`) under which it is stored, compared and blocked (law 7 of the security rules):
 * lower case, punycode, no trailing dot, no `:443`, IP addresses in their canonical form. Undefined when it is no host at all;
 * percent-encoding, white space, credentials and paths are refused and never decoded or cut off.
 */
export function normalizeHost(input: string): string | undefined {
  if (input.length > 4 * hostCharactersMax || neverInHost.test(input)) return undefined
  const url = URL.parse(`https://${input}/`)
  if (url === null || url.pathname !== '/') return undefined
  return joinHost(url)
}

/**
 * The normalised host of an http or https URL, with the port when it is not the scheme's own: `https://B.Example.:443/x` is
 * `b.example`, `http://red.localhost:3001/` is `red.localhost:3001`. Undefined for anything else.
 */
export function hostOf(address: string | URL): string | undefined {
  const plain = typeof address === 'string' ? plainHostOf(address) : undefined
  if (plain !== undefined) return plain
  const url = typeof address === 'string' ? URL.parse(address) : address
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return undefined
  return joinHost(url)
}

/**
 * The host of an https URL that is written as nearly all are, without credentials or a port, and so in its one spelling already; undefined says
 * nothing. A URL parser takes ten times as long for the same.
 */
export function plainHostOf(address: string): string | undefined {
  const host = plainAddress.exec(address)?.[1]
  return host !== undefined && host.length <= hostCharactersMax ? host : undefined
}

/**
 * Whether a normalised host is a normalised domain or lies below it, as blocks mean it: `a.b.example:8443` is within `b.example`.
 * A domain that names a port means that port alone; an address is within itself only.
 */
export function isWithinDomain(host: string, domain: string): boolean {
  if (domain === '') return false
  const asked = splitPort(host)
  const limit = splitPort(domain)
  if (limit.port !== '' && limit.port !== asked.port) return false
  if (asked.name === limit.name) return true
  return !isAddress(asked.name) && !isAddress(limit.name) && asked.name.endsWith(`.${limit.name}`)
}

/** Whether a request names its host more than once (RFC 9112, section 3.2): whoever stands between may believe another of them than we do. Raw headers as Node gives them, names and values in turn. */
export function namesHostTwice(rawHeaders: readonly string[]): boolean {
  let count = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!
    if (name.length === 4 && name.toLowerCase() === 'host') count++
  }
  return count > 1
}

/** Every domain that a normalised host lies within, as `isWithinDomain` means it: itself first, each with the host's port and without. */
export function domainsAround(host: string): string[] {
  const { name, port } = splitPort(host)
  const names = [name]
  if (!isAddress(name)) for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) names.push(name.slice(dot + 1))
  return port === '' ? names : names.flatMap((each) => [`${each}:${port}`, each])
}

function joinHost(url: URL): string | undefined {
  const name = url.hostname.endsWith('.') ? url.hostname.slice(0, -1) : url.hostname
  if (!isAddress(name) && !isDomainName(name)) return undefined
  return url.port === '' ? name : `${name}:${url.port}`
}

function isDomainName(name: string): boolean {
  if (name.length > hostCharactersMax) return false
  return name.split('.').every((part) => part.length <= labelCharactersMax && label.test(part))
}

/** What one owner has of the names (Public Suffix List, with its private part): `a.b.example` is of `b.example`. Itself for an address, or a host without dots. */
export function siteOf(host: string): string {
  return getDomain(host, { allowPrivateDomains: true }) ?? host
}

function isAddress(name: string): boolean {
  return name.startsWith('[') || isIP(name) !== 0
}

function splitPort(host: string): { name: string; port: string } {
  const found = /^(.*):(\d+)$/.exec(host)
  return found ? { name: found[1] ?? '', port: found[2] ?? '' } : { name: host, port: '' }
}
