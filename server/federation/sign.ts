import { createPrivateKey, hash, type KeyObject, sign } from 'node:crypto'
import { promisify } from 'node:util'
import { LRUCache } from 'lru-cache'
import { findInstanceActor } from '#server/accounts/instance-actor.ts'
import type { Context } from '#server/context.ts'
import type { OnBehalf } from '#server/peers/on-behalf.ts'
import { findKeys } from '#server/peers/signing-keys.ts'
import { hostOf } from '#server/platform/host-names.ts'
import type { HttpHeaders } from '#server/platform/http-client.ts'
import { onePer } from '#server/platform/one-per.ts'

export type SignatureKind = 'cavage' | 'rfc9421'

/** A key of ours that can sign, and the id under which others find its public half. */
export interface SigningKey {
  keyId: string
  key: KeyObject
}

const keysMax = 1_000
/** The callback form runs on the thread pool: an RSA signature costs a third of a millisecond. */
const signAsync = promisify(sign)
const keysOf = onePer((_ctx: Context) => new LRUCache<number, Promise<SigningKey | undefined>>({ max: keysMax }))

/** The RSA key of one of ours, unsealed once and kept; undefined for an account without one. */
export function findSigningKey(ctx: Context, accountId: number): Promise<SigningKey | undefined> {
  const keys = keysOf(ctx)
  const kept = keys.get(accountId)
  if (kept) return kept
  const loading = loadSigningKey(ctx, accountId)
  keys.set(accountId, loading)
  // Only a key that is there is worth keeping: an account may be given its keys a moment later.
  loading.then(
    (key) => key ?? keys.delete(accountId),
    () => keys.delete(accountId)
  )
  return loading
}

/**
 * Headers that sign a GET by the instance actor (draft-cavage-12), to be handed to the HTTP client as `headersFor`: each hop of a
 * redirect is signed anew, for the URL that is really asked. `onBehalf` signs what goes to the server named there, and nothing that it leads on to.
 */
export function signedGetHeaders(ctx: Context, onBehalf?: OnBehalf): (url: URL) => Promise<HttpHeaders> {
  return async (url) => {
    const key = (onBehalf?.host === hostOf(url) && (await keyOfPerson(ctx, onBehalf))) || (await keyOfInstance(ctx))
    return signCavage(key, 'get', url, { date: new Date(ctx.clock.now()).toUTCString() })
  }
}

/** Undefined for somebody who was erased since it was decided that they ask. */
function keyOfPerson(ctx: Context, onBehalf: OnBehalf | undefined): Promise<SigningKey | undefined> {
  return onBehalf ? findSigningKey(ctx, onBehalf.accountId) : Promise.resolve(undefined)
}

async function keyOfInstance(ctx: Context): Promise<SigningKey> {
  const actor = await findInstanceActor(ctx.db)
  const key = actor && (await findSigningKey(ctx, actor.id))
  if (!key) throw new Error('The instance actor has no key: it is made as the process starts.')
  return key
}

/** Headers of a signed POST of ActivityPub, in the manner the peer takes; `more` are sent with it and signed as well. */
export function signPost(
  key: SigningKey,
  url: URL,
  body: Buffer,
  now: number,
  kind: SignatureKind,
  more: HttpHeaders = {}
): Promise<HttpHeaders> {
  const digest = hash('sha256', body, 'base64')
  const type = { 'content-type': 'application/activity+json', ...more }
  return kind === 'cavage'
    ? signCavage(key, 'post', url, { date: new Date(now).toUTCString(), digest: `SHA-256=${digest}`, ...type })
    : signMessage(key, url, { ...type, date: new Date(now).toUTCString(), 'content-digest': `sha-256=:${digest}:` }, now, Object.keys(more))
}

/** draft-cavage-http-signatures-12 over the request line, Host and every header given. */
async function signCavage({ keyId, key }: SigningKey, method: 'get' | 'post', url: URL, headers: HttpHeaders): Promise<HttpHeaders> {
  const names = ['(request-target)', 'host', ...Object.keys(headers)]
  const lines = [
    `(request-target): ${method} ${url.pathname}${url.search}`,
    `host: ${url.host}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  ]
  const signature = (await signAsync('sha256', Buffer.from(lines.join('\n')), key)).toString('base64')
  return { ...headers, signature: `keyId="${keyId}",algorithm="rsa-sha256",headers="${names.join(' ')}",signature="${signature}"` }
}

/** RFC 9421 over method, target, content digest and the headers named, with the RSA algorithm of its section 3.3.2. */
async function signMessage({ keyId, key }: SigningKey, url: URL, headers: HttpHeaders, now: number, more: string[]): Promise<HttpHeaders> {
  const covered = ['content-digest', ...more]
  const components = ['@method', '@target-uri', ...covered].map((name) => `"${name}"`).join(' ')
  const params = `(${components});created=${Math.floor(now / 1_000)};keyid="${keyId}";alg="rsa-v1_5-sha256"`
  const base = [
    '"@method": POST',
    `"@target-uri": ${url.href}`,
    ...covered.map((name) => `"${name}": ${headers[name]}`),
    `"@signature-params": ${params}`
  ].join('\n')
  const signature = (await signAsync('sha256', Buffer.from(base), key)).toString('base64')
  return { ...headers, 'signature-input': `sig1=${params}`, signature: `sig1=:${signature}:` }
}

async function loadSigningKey(ctx: Context, accountId: number): Promise<SigningKey | undefined> {
  const row = (await findKeys(ctx.db, accountId)).find((key) => key.kind === 'rsa' && key.privateSealed !== null)
  if (!row?.privateSealed) return undefined
  return { keyId: row.uri, key: createPrivateKey(ctx.seal.unseal(row.privateSealed)) }
}
