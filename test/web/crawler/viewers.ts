import type { LightMyRequestResponse } from 'fastify'
import httpSignature from 'http-signature'
import type { Instance } from '#test/helpers/instance.ts'
import type { RemoteActor } from '#test/helpers/remote.ts'

/** Somebody who looks at everything. */
export interface Viewer {
  name: string
  /** Whether it comes for documents: pages show it what they show everybody. */
  isPeer: boolean
  isSignedIn: boolean
  isModerator: boolean
  get(path: string): Promise<LightMyRequestResponse>
}

export function guestViewer(instance: Instance): Viewer {
  const guest = instance.guest()
  return { name: 'anonymous', isPeer: false, isSignedIn: false, isModerator: false, get: (path) => guest.get(path) }
}

export async function personViewer(instance: Instance, name: string): Promise<Viewer> {
  const person = await instance.as(name)
  return { name, isPeer: false, isSignedIn: true, isModerator: name === 'moderator', get: (path) => person.get(path) }
}

/** An app with the token of somebody, which asks everywhere: pages show it what they show everybody. */
export function appViewer(instance: Instance, name: string, token: string): Viewer {
  const guest = instance.guest()
  return {
    name,
    isPeer: true,
    isSignedIn: false,
    isModerator: false,
    get: (path) => guest.get(path, { authorization: `Bearer ${token}` })
  }
}

/** Another server that asks for ActivityPub: unsigned, or signed by one of its people. */
export function peerViewer(instance: Instance, name: string, actor?: RemoteActor): Viewer {
  const guest = instance.guest()
  const get = (path: string) => guest.get(path, actor ? signedGet(instance, path, actor) : asActivity)
  return { name, isPeer: true, isSignedIn: false, isModerator: false, get }
}

const asActivity = { accept: 'application/activity+json' }

/** Headers of a GET signed in draft-cavage by http-signature. */
export function signedGet(instance: Instance, path: string, actor: Pick<RemoteActor, 'keyId' | 'keys'>): Record<string, string> {
  const headers: Record<string, string> = { ...asActivity, host: instance.config.host, date: new Date(instance.clock.now()).toUTCString() }
  const signable = {
    method: 'GET',
    path,
    getHeader: (name: string) => headers[name.toLowerCase()],
    setHeader: (name: string, value: string) => void (headers[name.toLowerCase()] = value)
  }
  httpSignature.signRequest(signable, {
    keyId: actor.keyId,
    key: actor.keys.privatePem,
    algorithm: 'rsa-sha256',
    headers: ['(request-target)', 'host', 'date'],
    authorizationHeaderName: 'Signature'
  })
  return headers
}
