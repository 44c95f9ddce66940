import type { IncomingMessage } from 'node:http'
import ipaddr from 'ipaddr.js'
import { LRUCache } from 'lru-cache'

const rememberedMax = 2_000
const headerCharactersMax = 1_000

/** Ranges in which only a neighbour has an address: this machine, and networks that the internet does not lead to. */
const ownRanges = new Set(['loopback', 'private', 'uniqueLocal', 'linkLocal', 'carrierGradeNat'])

/** Whether an address is of this machine or of a network of its operator. */
export function isOfOwnNetwork(address: string): boolean {
  return ipaddr.isValid(address) && ownRanges.has(ipaddr.process(address).range())
}

/** Whether an address is one of our proxies, which `trustProxy` names by address or range. */
export function createProxyTrust(trustProxy: readonly string[]): (address: string) => boolean {
  const trusted = trustProxy.map((each) => (each.includes('/') ? ipaddr.parseCIDR(each) : asRange(each)))
  return (address) => {
    if (!ipaddr.isValid(address)) return false
    const parsed = ipaddr.process(address)
    return trusted.some(([range, bits]) => range.kind() === parsed.kind() && parsed.match(range as never, bits))
  }
}

/**
 * Whom a request comes from, as Fastify finds it with the same `trustProxy` (addresses and ranges): the nearest address that is no proxy of ours, read from
 * X-Forwarded-For from its end.
 */
export function createClientAddress(trustProxy: readonly string[]): (request: IncomingMessage) => string {
  const known = new LRUCache<string, string>({ max: rememberedMax })
  const isTrusted = createProxyTrust(trustProxy)

  return ({ socket, headers }) => {
    const nearest = socket.remoteAddress ?? ''
    const forwarded = headers['x-forwarded-for']
    if (trustProxy.length === 0 || typeof forwarded !== 'string') return nearest
    // Only the end is our proxies' own; whoever writes a long beginning is not taken for a proxy.
    const end = forwarded.slice(-headerCharactersMax)
    const key = `${nearest} ${end}`
    let found = known.get(key)
    if (found === undefined) {
      const hops = [
        nearest,
        ...end
          .split(',')
          .map((hop) => hop.trim())
          .reverse()
      ]
      found = hops.find((hop) => !isTrusted(hop)) ?? hops.at(-1) ?? nearest
      known.set(key, found)
    }
    return found
  }
}

function asRange(address: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  const parsed = ipaddr.process(address)
  return [parsed, parsed.kind() === 'ipv4' ? 32 : 128]
}
