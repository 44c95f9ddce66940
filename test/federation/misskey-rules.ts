import type { IncomingHttpHeaders } from 'node:http'

/**
 * What servers of the Misskey family (Misskey 2025, Sharkey, Iceshrimp.NET) ask of what they are sent or fetch: each function gives what one of them would refuse, or pass
 * over in silence.
 */

export type Json = Record<string, unknown>

const activityStreams = 'https://www.w3.org/ns/activitystreams'
/** Contexts that all of them carry along; any other is loaded from the web by those that expand documents. */
const bundled = [activityStreams, 'https://w3id.org/security/v1']
const inboxBytesMax = 64 * 1024
const postTypes = ['Note', 'Question', 'Article', 'Audio', 'Document', 'Image', 'Page', 'Video', 'Event']
const actorTypes = ['Person', 'Service', 'Group', 'Organization', 'Application']

const all = (value: unknown): unknown[] => (value === undefined || value === null ? [] : [value].flat())
const hostOf = (url: unknown) => URL.parse(String(url))?.host
const isText = (value: unknown) => typeof value === 'string' && value !== ''

export function faultsOfContext(document: Json): string[] {
  const contexts = all(document['@context'])
  const faults = contexts.includes(activityStreams) ? [] : ['no context of ActivityStreams']
  for (const each of contexts) if (typeof each === 'string' && !bundled.includes(each)) faults.push(`${each} would have to be loaded`)
  // Friendica, whose JSON-LD is 1.0, takes the whole document for an attack.
  if (/"@(?:graph|included|reverse)"/.test(JSON.stringify(document))) faults.push('a word of JSON-LD that is refused')
  return faults
}

export function faultsOfActor(actor: Json): string[] {
  const faults = faultsOfContext(actor)
  const host = hostOf(actor.id)
  if (!actorTypes.includes(String(actor.type))) faults.push(`${actor.type} is no actor`)
  const shared = (actor.endpoints as Json | undefined)?.sharedInbox
  for (const [name, url] of Object.entries({
    inbox: actor.inbox,
    shared,
    outbox: actor.outbox,
    followers: actor.followers,
    url: actor.url
  }))
    if (!isText(url) || hostOf(url) !== host) faults.push(`${name} on another host`)
  if (!/^\w([\w-.]*\w)?$/.test(String(actor.preferredUsername))) faults.push('a name that is refused')
  for (const name of ['name', 'summary']) if (typeof actor[name] !== 'string') faults.push(`${name} is no text`)
  const key = actor.publicKey as Json | undefined
  if (typeof key?.id !== 'string' || hostOf(key.id) !== host || !isText(key.publicKeyPem)) faults.push('no key of its own')
  for (const picture of [actor.icon, actor.image])
    if (picture !== undefined && !isText((picture as Json).url)) faults.push('a picture without an address')
  return faults
}

export function faultsOfPost(note: Json, author: unknown): string[] {
  const faults: string[] = []
  const host = hostOf(author)
  if (!postTypes.includes(String(note.type))) faults.push(`${note.type} is no post`)
  if (note.attributedTo !== author) faults.push('not attributed to its actor alone')
  for (const url of [note.id, note.url]) if (!isText(url) || hostOf(url) !== host) faults.push(`${url} is of another host`)
  if (Number.isNaN(Date.parse(String(note.published)))) faults.push('no date')
  if (!isText(note.content)) faults.push('no content')
  if (note.summary !== undefined && typeof note.summary !== 'string') faults.push('a warning that is no text')
  for (const list of [note.to, note.cc, note.tag, note.attachment])
    if (!Array.isArray(list)) faults.push('a single value in place of a list')
  for (const file of all(note.attachment) as Json[])
    if (file.type !== 'Document' || !isText(file.url)) faults.push('an attachment without an address')
  for (const tag of all(note.tag) as Json[]) {
    if (tag.type === 'Mention' && !(isText(tag.href) && /^@[^@]+@[^@]+$/.test(String(tag.name)))) faults.push('a mention of nobody')
    if (tag.type === 'Emoji' && !/^:\w+:$/.test(String(tag.name))) faults.push('an emoji without a name')
  }
  for (const option of [...all(note.oneOf), ...all(note.anyOf)] as Json[])
    if (!isText(option.name) || typeof (option.replies as Json | undefined)?.totalItems !== 'number')
      faults.push('an option without a name')
  return faults
}

/** Of one POST to an inbox of theirs. */
export function faultsOfDelivery({ headers, activity }: { headers: IncomingHttpHeaders; activity: Json }): string[] {
  const { actor, type, object } = activity
  const faults = faultsOfContext(activity)
  const covered = /headers="([^"]*)"/.exec(String(headers.signature))?.[1]?.split(' ') ?? []
  for (const name of ['(request-target)', 'host', 'date', 'digest']) if (!covered.includes(name)) faults.push(`${name} is not signed`)
  if (!/^SHA-256=[^,]+$/.test(String(headers.digest))) faults.push('no digest')
  if (Number(headers['content-length']) > inboxBytesMax || headers['content-length'] === undefined) faults.push('too long, or of no length')
  if (typeof actor !== 'string' || typeof activity.id !== 'string' || hostOf(activity.id) !== hostOf(actor))
    faults.push('no id on its actor’s host')
  const inner = typeof object === 'object' && object !== null && !Array.isArray(object) ? (object as Json) : undefined
  const isTheirs = type === 'Accept' || type === 'Reject'
  if (inner && !isTheirs && hostOf(inner.id) !== hostOf(actor)) faults.push('what is inside has no id that could be believed')
  return [...faults, ...(rules[String(type)]?.(activity, inner) ?? [])].map((fault) => `${type}: ${fault}`)
}

const rules: Record<string, (activity: Json, inner: Json | undefined) => string[]> = {
  Create: ({ actor }, inner) => {
    if (inner === undefined) return ['nothing inside']
    if (inner.name === undefined) return faultsOfPost(inner, actor)
    return isText(inner.inReplyTo) && inner.attributedTo === actor ? [] : ['a vote in no poll']
  },
  Update: (activity, inner) => {
    if (inner === undefined) return ['nothing inside']
    const { actor } = activity
    return inner.id === actor ? faultsOfActor({ ...inner, '@context': activity['@context'] }) : faultsOfPost(inner, actor)
  },
  Delete: ({ object, actor }, inner) =>
    object === actor || (inner?.type === 'Tombstone' && isText(inner.id)) ? [] : ['neither itself nor a Tombstone'],
  Accept: ofFollow,
  Reject: ofFollow,
  Undo: (_, inner) => (inner && isText(inner.type) && inner.object !== undefined ? [] : ['nothing inside that could be undone']),
  Like: ({ object, content, tag }) => {
    const faults = typeof object === 'string' ? [] : ['not a post by its id']
    const isCustom = typeof content === 'string' && content.startsWith(':')
    if (!isCustom) return faults
    return /^:[\w+-]+:$/.test(content) && all(tag).length === 1 ? faults : [...faults, 'an emoji that nobody knows']
  },
  Announce: ({ object, published }) =>
    typeof object === 'string' && !Number.isNaN(Date.parse(String(published))) ? [] : ['not a post by its id, with a date'],
  Add: ofFeatured,
  Remove: ofFeatured,
  Flag: ({ object }) => (all(object).every((each) => typeof each === 'string') ? [] : ['not accounts and posts by their ids']),
  Follow: ({ object }) => (typeof object === 'string' ? [] : ['not an account by its id']),
  Block: ({ object }) => (typeof object === 'string' ? [] : ['not an account by its id'])
}

function ofFollow(_: Json, inner: Json | undefined): string[] {
  const isWhole = inner?.type === 'Follow' && [inner.id, inner.actor, inner.object].every((part) => typeof part === 'string')
  return isWhole ? [] : ['no whole Follow inside']
}

function ofFeatured({ actor, object, target }: Json): string[] {
  return typeof object === 'string' && target === `${actor}/featured` ? [] : ['not a post and the collection that the actor names']
}
