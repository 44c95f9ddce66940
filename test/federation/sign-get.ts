import httpSignature from 'http-signature'
import type { Account } from '#server/accounts/who.ts'
import type { RecordingPeer } from '#test/federation/recording-peer.ts'
import type { Instance } from '#test/helpers/instance.ts'

/** Headers of a GET signed by somebody on a peer, in draft-cavage, without Fedify. */
export function signedGet(instance: Instance, path: string, keyId: string, privatePem: string): Record<string, string> {
  const headers: Record<string, string> = { host: instance.config.host, date: new Date(instance.clock.now()).toUTCString() }
  httpSignature.signRequest(
    {
      method: 'GET',
      path,
      getHeader: (name) => headers[name.toLowerCase()],
      setHeader: (name, value) => void (headers[name.toLowerCase()] = value)
    },
    { keyId, key: privatePem, algorithm: 'rsa-sha256', headers: ['(request-target)', 'host', 'date'], authorizationHeaderName: 'Signature' }
  )
  return { accept: 'application/activity+json', ...headers }
}

/** Somebody on a peer who signs what they ask for. */
export async function reader(instance: Instance, peer: RecordingPeer, name: string, changes: Partial<Account> = {}) {
  const account = await peer.account(name, { host: peer.host, ...changes })
  const pair = await peer.key(account)
  const get = (path: string) => instance.guest().get(path, signedGet(instance, path, `${account.uri}#main-key`, pair.privatePem))
  return { account, get }
}
