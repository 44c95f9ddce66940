import { connect as connectPlain, isIP, type LookupFunction } from 'node:net'
import { buildConnector } from 'undici'
import type { AddressRules } from '#server/platform/address-rules.ts'
import { HttpError } from '#server/platform/http-error.ts'
import type { HostResolver } from '#server/platform/resolve-host.ts'

/** Time for the next address of a name when the one before has not answered (RFC 8305, section 5). */
const nextAddressMs = 500

/** Tests only: where connections to a name really go, over a plain socket even for https; undefined leaves the name alone. */
export type SteerConnection = (host: string, port: number) => { host: string; port: number } | undefined

interface ConnectorOptions {
  resolver: HostResolver
  rules: AddressRules
  /** Lets `*.localhost` (not bare `localhost`) mean 127.0.0.1. */
  allowHttp: boolean
  /** Whether the address rules are set aside, for an origin that an operator typed. */
  isExempt: boolean
  connectMs: number
  steer: SteerConnection | undefined
}

/**
 * The one place where an outbound socket is opened. A name is resolved, its addresses are checked, and the socket is given those very
 * addresses, so that a name server cannot answer one thing to the check and another to the connection. Addresses
 * spelled in a URL never reach a look-up and are checked first.
 */
export function createConnector(options: ConnectorOptions): buildConnector.connector {
  const connect = buildConnector({
    allowH2: false,
    timeout: options.connectMs,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: nextAddressMs,
    rejectUnauthorized: true,
    lookup: createLookup(options)
  })
  return (target, callback) => {
    const refused = isIP(target.hostname) === 0 || options.isExempt ? undefined : options.rules.refusalOf(target.hostname)
    if (refused !== undefined) {
      process.nextTick(callback, refusal(target.hostname, `${target.hostname} (${refused})`), null)
      return
    }
    const steered = isIP(target.hostname) === 0 ? options.steer?.(target.hostname, portOf(target)) : undefined
    if (steered !== undefined) connectSteered(steered, callback)
    else connect(target, callback)
  }
}

function createLookup(options: ConnectorOptions): LookupFunction {
  return (name, wanted, callback) => {
    addressesOf(name, options).then(
      (addresses) => {
        const found = addresses.map((address) => ({ address, family: isIP(address) }))
        if (wanted.all) callback(null, found)
        else callback(null, addresses[0] ?? '', isIP(addresses[0] ?? ''))
      },
      (error) => callback(error, '')
    )
  }
}

/** Addresses of a name that may be contacted; when it has none of them, the sentence names what it has. */
async function addressesOf(name: string, options: ConnectorOptions): Promise<string[]> {
  if (options.allowHttp && name.endsWith('.localhost')) return ['127.0.0.1']
  const addresses = await options.resolver.resolve(name)
  if (options.isExempt) return addresses
  const allowed = addresses.filter((address) => options.rules.refusalOf(address) === undefined)
  if (allowed.length > 0) return allowed
  throw refusal(name, addresses.map((address) => `${address} (${options.rules.refusalOf(address)})`).join(', '))
}

function refusal(host: string, found: string): HttpError {
  const where = found.startsWith(`${host} `) ? found : `${host}, which leads to ${found}`
  return new HttpError('blocked-address', `No connection is made to ${where}: only public addresses are asked.`)
}

function connectSteered(to: { host: string; port: number }, callback: buildConnector.Callback): void {
  const socket = connectPlain({ ...to, noDelay: true })
  const fail = (error: Error) => callback(error, null)
  socket.once('error', fail)
  socket.once('connect', () => {
    socket.off('error', fail)
    callback(null, socket)
  })
}

function portOf(target: buildConnector.Options): number {
  if (target.port) return Number(target.port)
  return target.protocol === 'https:' ? 443 : 80
}
