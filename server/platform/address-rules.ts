import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Which addresses this instance may connect to. */
export interface AddressRules {
  /** Why an address (canonical text, no brackets) may not be contacted, as a short noun; undefined when it may. */
  refusalOf(address: string): string | undefined
}

type Address = ipaddr.IPv4 | ipaddr.IPv6

/** Global unicast: everything assigned to the public IPv6 internet lies here, and everything else is refused unseen (RFC 4291, 2.4). */
const globalUnicast6 = ipaddr.IPv6.parseCIDR('2000::/3')

/** A public address that answers with secrets of the machine: the host agent of one large cloud. */
const special4 = ['168.63.129.16/32'].map((range) => ipaddr.IPv4.parseCIDR(range))

/**
 * Rules against requests into our own network. Only public unicast addresses may be contacted, and those listed in
 * `allowAddresses`, each exactly: 127.0.0.2 opens neither 127.0.0.3 nor ::ffff:127.0.0.2. Throws when a listed one is no address.
 */
export function createAddressRules(allowAddresses: readonly string[]): AddressRules {
  const allowed = new Set(allowAddresses.map(canonical))
  return {
    refusalOf(address) {
      const parsed = parse(address)
      if (parsed === undefined) return 'no address'
      if (allowed.has(parsed.toNormalizedString())) return undefined
      return parsed instanceof ipaddr.IPv4 ? refusalOf4(parsed) : refusalOf6(parsed)
    }
  }
}

function refusalOf4(address: ipaddr.IPv4): string | undefined {
  const range = address.range()
  if (range !== 'unicast') return words[range] ?? range
  return special4.some((block) => address.match(block)) ? 'cloud metadata' : undefined
}

function refusalOf6(address: ipaddr.IPv6): string | undefined {
  const range = address.range()
  if (range !== 'unicast') return words[range] ?? range
  return address.match(globalUnicast6) ? undefined : 'not public'
}

/** The library's names of ranges, in words an operator reads. */
const words: Record<string, string> = {
  linkLocal: 'link-local',
  carrierGradeNat: 'carrier-grade NAT',
  uniqueLocal: 'private',
  ipv4Mapped: 'IPv4-mapped',
  rfc6145: 'IPv4-translated',
  rfc6052: 'NAT64',
  teredo: 'Teredo'
}

function canonical(address: string): string {
  const parsed = parse(address)
  if (parsed === undefined) throw new Error(`outbound.allowAddresses: "${address}" is no IP address.`)
  return parsed.toNormalizedString()
}

/** Strict first: the library also takes 0177.1 and 2130706433, which are spellings for URL parsers and not for us. */
function parse(address: string): Address | undefined {
  return isIP(address) === 0 || address.includes('%') ? undefined : ipaddr.parse(address)
}
