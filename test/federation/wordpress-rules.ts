import type { IncomingHttpHeaders } from 'node:http'

/** What the ActivityPub plugin of WordPress (5 to 9) asks of what its inboxes are sent: what it would refuse, or pass over in silence. */

export type Json = Record<string, unknown>

const clockSkewMs = 3 * 60 * 60_000
const actorTypes = ['Person', 'Group', 'Organization', 'Service', 'Application']
const postTypes = ['Note', 'Article', 'Image', 'Audio', 'Video', 'Event', 'Document']

const all = (value: unknown): unknown[] => (value === undefined || value === null ? [] : [value].flat())
const hostOf = (url: unknown) => URL.parse(String(url))?.host
const innerOf = ({ object }: Json) =>
  typeof object === 'object' && object !== null && !Array.isArray(object) ? (object as Json) : undefined

/** `site` is its host, `now` in ms since 1970. */
export function faultsOfDelivery(
  { headers, activity }: { headers: IncomingHttpHeaders; activity: Json },
  site: string,
  now: number
): string[] {
  const { id, actor, type, object } = activity
  const faults = [...faultsOfSignature(headers, actor, now)]
  for (const [name, value] of Object.entries({ id, actor, type }))
    if (typeof value !== 'string' || value === '') faults.push(`${name} is no text`)
  if (URL.parse(String(id)) === null) faults.push('its id is no address')
  if (object === undefined || Array.isArray(object)) faults.push('not one object')
  for (const list of [activity.to, activity.cc])
    if (list !== undefined && typeof list !== 'string' && !Array.isArray(list)) faults.push('odd recipients')
  if (!isForSomebody(activity, site)) faults.push('for nobody here')
  return [...faults, ...(rules[String(type)]?.(activity, innerOf(activity)) ?? [])].map((fault) => `${type}: ${fault}`)
}

function faultsOfSignature(headers: IncomingHttpHeaders, actor: unknown, now: number): string[] {
  const faults: string[] = []
  const params = Object.fromEntries([...String(headers.signature).matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]))
  if (params.algorithm !== 'rsa-sha256') faults.push('an algorithm it does not know')
  // The fragment goes, and what is left has to be an actor with one key.
  if (String(params.keyId).split('#')[0] !== actor) faults.push('a key that leads to no actor')
  for (const name of String(params.headers).split(' '))
    if (!name.startsWith('(') && typeof headers[name] !== 'string') faults.push(`${name} is signed and not sent`)
  if (!/^sha-(256|512)=/i.test(String(headers.digest))) faults.push('no digest')
  if (!(Math.abs(Date.parse(String(headers.date)) - now) < clockSkewMs)) faults.push('signed at another time')
  return faults
}

/** In its shared inbox an activity is for whom it names; of others only those hear who follow its actor. */
function isForSomebody(activity: Json, site: string): boolean {
  const { to, cc, audience, type } = activity
  const inner = innerOf(activity)
  const named = [to, cc, audience].flatMap(all)
  if (type === 'Accept' || type === 'Reject') named.push(inner?.actor)
  const isPublic = named.some((one) => String(one).endsWith('#Public'))
  const isReply = hostOf(inner?.inReplyTo) === site
  return named.some((one) => hostOf(one) === site) || (isPublic && !isReply)
}

const rules: Record<string, (activity: Json, inner: Json | undefined) => string[]> = {
  Create: (_, inner) =>
    inner && typeof inner.id === 'string' && typeof inner.content === 'string' ? [] : ['nothing with an id and content'],
  Update: (_, inner) => ([...actorTypes, ...postTypes].includes(String(inner?.type)) ? [] : [`${inner?.type} is passed over`]),
  Delete: ({ object }, inner) => (typeof object === 'string' || typeof inner?.id === 'string' ? [] : ['nothing that has an id']),
  Accept: ofWhole,
  Reject: ofWhole,
  Undo: (_, inner) =>
    typeof inner?.type === 'string' && inner.object !== undefined && typeof inner.id === 'string' ? [] : ['nothing that could be undone'],
  Like: ({ object }) => (typeof object === 'string' ? [] : ['not a post by its id']),
  Announce: ({ object }) => (typeof object === 'string' ? [] : ['not a post by its id']),
  QuoteRequest: ({ instrument }) => (instrument === undefined ? ['no instrument'] : [])
}

function ofWhole(_: Json, inner: Json | undefined): string[] {
  const isWhole = [inner?.id, inner?.type, inner?.actor, inner?.object].every((part) => typeof part === 'string')
  return isWhole ? [] : ['no whole activity inside']
}
