import { Resolver } from 'node:dns/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { createHostsFile } from '#server/platform/hosts-file.ts'
import { HttpError } from '#server/platform/http-error.ts'

const queryTimeoutMs = 2_000
const queryTries = 2

/** How long an answer for IPv6 may come after the one for IPv4 (RFC 8305, section 3, is less patient still in the other order). */
const secondFamilyGraceMs = 300

/** A resolver reads the system's name servers once, so it is made anew from time to time to follow a change of them. */
const resolverLifeMs = 60_000

/** Addresses tried for one name; an answer with hundreds is nobody's honest setup. */
const addressesMax = 8

export interface HostResolver {
  /** Addresses of a name, IPv4 first, 8 at most, unchecked; HttpError with reason `dns` when there are none. */
  resolve(name: string): Promise<string[]>
  close(): void
}

/**
 * Finds addresses by asking the name servers directly. The system's own look-up runs on two threads of Node's pool, and two
 * names whose servers never answer would hold back every other look-up of the process for many seconds.
 * @param dnsServers servers (`address` or `address:port`) to ask in place of the system's and its hosts file; empty for the system's
 */
export function createHostResolver(dnsServers: readonly string[], hostsPath = '/etc/hosts'): HostResolver {
  const hostsFile = dnsServers.length === 0 ? createHostsFile(hostsPath) : undefined
  let resolver = makeResolver(dnsServers)
  let madeAt = performance.now()

  return {
    async resolve(name) {
      const known = (await hostsFile?.(name)) ?? []
      if (known.length > 0) return known.slice(0, addressesMax)
      if (performance.now() - madeAt > resolverLifeMs) {
        resolver = makeResolver(dnsServers)
        madeAt = performance.now()
      }
      return ask(resolver, name)
    },
    close() {
      resolver.cancel()
    }
  }
}

function makeResolver(dnsServers: readonly string[]): Resolver {
  const resolver = new Resolver({ timeout: queryTimeoutMs, tries: queryTries })
  if (dnsServers.length > 0) resolver.setServers(dnsServers)
  return resolver
}

interface FamilyAnswer {
  addresses: string[]
  error?: unknown
}

/** Asks for both families at once; one that is broken or slow does not spoil the other. */
async function ask(resolver: Resolver, name: string): Promise<string[]> {
  const answer4 = settle(resolver.resolve4(name))
  const answer6 = settle(resolver.resolve6(name))
  const four = await answer4
  const late = four.addresses.length === 0 ? [] : [delay(secondFamilyGraceMs, { addresses: [] }, { ref: false })]
  const six: FamilyAnswer = await Promise.race([answer6, ...late])
  const addresses = [...four.addresses.slice(0, addressesMax / 2), ...six.addresses].slice(0, addressesMax)
  if (addresses.length > 0) return addresses
  const error = four.error ?? six.error
  const code = error instanceof Error && 'code' in error ? ` (${error.code})` : ''
  throw new HttpError('dns', `The name ${name} does not resolve${code}.`, '', error)
}

async function settle(query: Promise<string[]>): Promise<FamilyAnswer> {
  try {
    return { addresses: await query }
  } catch (error) {
    return { addresses: [], error }
  }
}
