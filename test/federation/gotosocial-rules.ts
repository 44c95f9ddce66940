/** What a GoToSocial server (0.19 to 0.21) asks of what it is sent or fetches: each function gives what it would refuse, or pass over in silence. */

export type Json = Record<string, unknown>

const activityStreams = 'https://www.w3.org/ns/activitystreams'
const everybody = `${activityStreams}#Public`
const statusTypes = ['Article', 'Document', 'Image', 'Video', 'Note', 'Page', 'Event', 'Place', 'Profile', 'Question']
const actorTypes = ['Application', 'Group', 'Organization', 'Person', 'Service']

/** Of all values, whether one or a list stands there. */
export function all(value: unknown): unknown[] {
  return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value]
}

export function idIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  const id = (value as Json | undefined)?.id
  return typeof id === 'string' ? id : undefined
}

/** `application/activity+json`, or `application/ld+json` with the profile; UTF-8 or nothing said of it. */
export function isActivityType(type: string | undefined): boolean {
  const parts = (type ?? '').split(';').map((part) => part.trim())
  const kept = parts.filter((part) => !part.startsWith('charset='))
  if (parts.some((part) => part.startsWith('charset=') && part !== 'charset=utf-8')) return false
  if (kept.length === 1) return kept[0] === 'application/activity+json'
  return kept.length === 2 && kept[0] === 'application/ld+json' && kept[1] === `profile="${activityStreams}"`
}

/** A document is read by its type, once its context names ActivityStreams. */
export function faultsOfDocument(document: Json, askedAt?: string): string[] {
  const faults: string[] = []
  if (!all(document['@context']).includes(activityStreams)) faults.push('no context of ActivityStreams')
  if (typeof document.type !== 'string') faults.push('no type')
  if (idIn(document) === undefined) faults.push('no id')
  const names = [idIn(document), ...all(document.url).filter((url) => typeof url === 'string')]
  if (askedAt !== undefined && !names.includes(askedAt)) faults.push(`neither id nor url is the address it was asked at, ${askedAt}`)
  return faults
}

export function faultsOfActor(actor: Json, askedAt?: string): string[] {
  const faults = faultsOfDocument(actor, askedAt)
  const id = String(actor.id)
  if (!actorTypes.includes(String(actor.type))) faults.push(`${actor.type} is no actor`)
  if (typeof actor.preferredUsername !== 'string' || actor.preferredUsername === '') faults.push('no preferredUsername')
  for (const place of ['inbox', 'outbox', 'followers', 'following']) if (typeof actor[place] !== 'string') faults.push(`no ${place}`)
  const keys = all(actor.publicKey) as Json[]
  if (keys.length !== 1) faults.push(`${keys.length} public keys in place of one`)
  const [key] = keys
  if (typeof key?.id !== 'string') faults.push('a key without id')
  if (key?.owner !== id) faults.push('a key of somebody else')
  if (!/^-----BEGIN (RSA )?PUBLIC KEY-----/.test(String(key?.publicKeyPem))) faults.push('a key that is no PEM')
  const shared = (actor.endpoints as Json | undefined)?.sharedInbox
  for (const place of [shared, actor.featured])
    if (typeof place === 'string' && new URL(place).host !== new URL(id).host) faults.push(`${place} is on another host`)
  for (const field of all(actor.attachment) as Json[])
    if (field.type === 'PropertyValue' && (typeof field.name !== 'string' || typeof field.value !== 'string'))
      faults.push('a field without words')
  return [...faults, ...faultsOfTags(actor)]
}

/** Faults of a Note or Question, told or fetched. `askedAt` for what was fetched. */
export function faultsOfPost(post: Json, askedAt?: string): string[] {
  const faults = askedAt === undefined ? [] : faultsOfDocument(post, askedAt)
  const id = idIn(post)
  const authors = all(post.attributedTo)
  if (id === undefined) return [...faults, 'a post without id']
  if (!statusTypes.includes(String(post.type))) faults.push(`${post.type} is no post`)
  if (authors.length !== 1) faults.push('not one author')
  else if (new URL(String(idIn(authors[0]))).host !== new URL(id).host) faults.push('the author lives on another host')
  if (all(post.to).length + all(post.cc).length === 0) faults.push('for nobody: neither to nor cc')
  const published = Date.parse(String(post.published))
  if (Number.isNaN(published)) faults.push('no date')
  if (post.updated !== undefined && !(Date.parse(String(post.updated)) >= published)) faults.push('updated before it was published')
  if (post.type !== 'Question' && post.name !== undefined) faults.push('a name, which is shown as a content warning')
  if (all(post.inReplyTo).length > 1) faults.push('an answer to several')
  for (const value of ['content', 'summary'] as const)
    if (post[value] !== undefined && typeof post[value] !== 'string') faults.push(`${value} is no text`)
  for (const [language, text] of Object.entries((post.contentMap as Json | undefined) ?? {}))
    if (text !== post.content) faults.push(`contentMap ${language} says something else than content, so that the language is lost`)
  for (const attached of all(post.attachment) as Json[]) {
    if (!['Audio', 'Document', 'Image', 'Video'].includes(String(attached.type))) faults.push(`${attached.type} is nothing to attach`)
    if (typeof attached.url !== 'string') faults.push('an attachment without url')
    const focus = all(attached.focalPoint) as number[]
    if (![0, 2].includes(focus.length) || focus.some((at) => at < -1 || at > 1)) faults.push('a focal point that is none')
  }
  const options = [...all(post.oneOf), ...all(post.anyOf)] as Json[]
  if (post.type === 'Question' && options.length === 0) faults.push('a poll without options')
  for (const option of options) {
    if (option.type !== 'Note' || typeof option.name !== 'string' || option.name === '') faults.push('an option without a name')
    const counted = option.replies as Json | undefined
    if (counted !== undefined && (counted.type !== 'Collection' || typeof counted.totalItems !== 'number'))
      faults.push('an option without a count')
  }
  return [...faults, ...faultsOfTags(post), ...faultsOfPolicy(post), ...faultsOfReplies(post)]
}

function faultsOfTags(document: Json): string[] {
  const faults: string[] = []
  for (const tag of all(document.tag) as Json[]) {
    if (tag.type === 'Mention') {
      if (typeof tag.href !== 'string') faults.push('a mention of nobody')
      if (!/^@[^@\s]+@[^@\s]+$/.test(String(tag.name))) faults.push(`the mention ${tag.name} does not say where they live`)
    }
    if (tag.type === 'Hashtag' && !String(tag.name).startsWith('#')) faults.push('a hashtag without its sign')
    if (tag.type !== 'Emoji') continue
    const icon = tag.icon as Json | undefined
    if (typeof tag.name !== 'string' || icon?.type !== 'Image' || typeof icon.url !== 'string')
      faults.push('an emoji without name or picture')
  }
  return faults
}

/** A policy without the new words is read by the old ones, and an empty one lets nobody in. */
function faultsOfPolicy(post: Json): string[] {
  const policies = Object.entries((post.interactionPolicy as Json | undefined) ?? {}) as [string, Json][]
  return policies.flatMap(([name, policy]) => {
    const entries = [...all(policy.automaticApproval), ...all(policy.manualApproval)]
    const isWhole = entries.length > 0 && entries.every((entry) => typeof entry === 'string' && /^https?:/.test(entry))
    return isWhole ? [] : [`${name} says nothing that can be read`]
  })
}

/** Answers are looked for in what the post itself embeds: a collection, and its first page. */
function faultsOfReplies(post: Json): string[] {
  if (!isForEverybody(post)) return []
  const replies = post.replies as Json | undefined
  const first = replies?.first as Json | undefined
  if (replies?.type !== 'Collection' || first?.type !== 'CollectionPage')
    return ['replies are no embedded collection with its first page: they are never looked for']
  return typeof first.next === 'string' || all(first.items).length > 0 ? [] : ['the first page of replies leads nowhere']
}

function isForEverybody(post: Json): boolean {
  return [...all(post.to), ...all(post.cc)].includes(everybody)
}
