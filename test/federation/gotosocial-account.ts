import type { KeyPair } from '#server/platform/key-pair.ts'
import type { Json } from '#test/federation/gotosocial-rules.ts'
import type { Instance } from '#test/helpers/instance.ts'
import { everybody, type InboxResponse } from '#test/helpers/remote.ts'
import { post } from '#test/federation/post-signed.ts'

export { everybody }

/** Somebody on a GoToSocial server, who says things in its words. */
export interface GoToSocialAccount {
  readonly uri: string
  readonly handle: string
  readonly keyId: string
  readonly keys: KeyPair
  document: Json
  /** Ids of whom the account follows, as its server knows: whose posts it takes. */
  readonly followed: Set<string>
  /** An id below the account: `at('statuses')`. */
  at(collection: string): string
  /** A Note that is served too. */
  note(text: string, fields?: Json): Json & { id: string }
  /** Create or Update as wrapped around a post: their ids are the same each time. */
  wrap(verb: 'Create' | 'Update' | 'Delete', note: Json): Json
  activity(verb: string, object: unknown, fields?: Json): Json
  /** Signed and posted to somebody's own inbox. */
  send(activity: Json, to: { uri: string | null }): Promise<InboxResponse>
}

interface Place {
  readonly origin: string
  readonly host: string
  readonly documents: Map<string, Json>
}

interface Opening {
  name: string
  uri: string
  keys: KeyPair
  fields: Json
}

const terms = {
  discoverable: 'toot:discoverable',
  featured: { '@id': 'toot:featured', '@type': '@id' },
  indexable: 'toot:indexable',
  manuallyApprovesFollowers: 'as:manuallyApprovesFollowers',
  toot: 'http://joinmastodon.org/ns#'
}
export const plainContext = ['https://gotosocial.org/ns', 'https://www.w3.org/ns/activitystreams']
const postContext = [...plainContext, { Emoji: 'toot:Emoji', Hashtag: 'as:Hashtag', sensitive: 'as:sensitive', toot: terms.toot }]
const forAll = { automaticApproval: [everybody] }
/** These stay lists where they hold one thing; everything else does not. */
const lists = new Set([
  '@context',
  'attachment',
  'orderedItems',
  'alsoKnownAs',
  'automaticApproval',
  'manualApproval',
  'always',
  'approvalRequired'
])

export function openAccount(instance: Instance, place: Place, { name, uri, keys, fields }: Opening): GoToSocialAccount {
  const keyId = `${uri}/main-key`
  const now = () => new Date(instance.clock.now()).toISOString().replace(/\.\d+Z/, 'Z')
  let count = 0
  const ulid = () => `01JD${String(++count).padStart(4, '0')}${name.toUpperCase().replaceAll(/\W/g, '').padEnd(18, 'Z').slice(0, 18)}`
  const account: GoToSocialAccount = {
    uri,
    handle: `${name}@${place.host}`,
    keyId,
    keys,
    followed: new Set(),
    document: {
      '@context': ['https://gotosocial.org/ns', 'https://w3id.org/security/v1', 'https://www.w3.org/ns/activitystreams', terms],
      discoverable: true,
      featured: `${uri}/collections/featured`,
      followers: `${uri}/followers`,
      following: `${uri}/following`,
      hidesCcPublicFromUnauthedWeb: true,
      hidesToPublicFromUnauthedWeb: false,
      id: uri,
      inbox: `${uri}/inbox`,
      indexable: false,
      manuallyApprovesFollowers: false,
      name: `${name} on GoToSocial`,
      outbox: `${uri}/outbox`,
      preferredUsername: name,
      publicKey: { id: keyId, owner: uri, publicKeyPem: keys.publicPem },
      published: '2022-05-20T11:09:18Z',
      summary: '<p>zork</p>',
      type: 'Person',
      url: `${place.origin}/@${name}`,
      ...fields
    },
    at: (collection) => `${uri}/${collection}/${ulid()}`,
    note(text, more = {}) {
      const id = account.at('statuses')
      const replies = `${id}/replies`
      const note = {
        '@context': postContext,
        attributedTo: uri,
        cc: [`${uri}/followers`],
        content: `<p>${text}</p>`,
        contentMap: { en: `<p>${text}</p>` },
        id,
        interactionPolicy: { canAnnounce: forAll, canLike: forAll, canQuote: { automaticApproval: [uri] }, canReply: forAll },
        published: now(),
        replies: {
          first: {
            id: `${replies}?page=true`,
            next: `${replies}?page=true&only_other_accounts=false`,
            partOf: replies,
            type: 'CollectionPage'
          },
          id: replies,
          type: 'Collection'
        },
        to: [everybody],
        type: 'Note',
        url: `${place.origin}/@${name}/statuses/${id.split('/').at(-1)}`,
        ...more
      }
      place.documents.set(new URL(note.id).pathname, note)
      return note
    },
    wrap(verb, note) {
      const { '@context': context, ...object } = note
      return {
        '@context': context,
        actor: uri,
        cc: note.cc,
        id: `${note.id}/activity#${verb}`,
        object: verb === 'Delete' ? note.id : object,
        published: note.published,
        to: note.to,
        type: verb
      }
    },
    activity: (verb, object, more = {}) => ({
      '@context': plainContext[1],
      actor: uri,
      id: `${place.origin}/${ulid()}`,
      object,
      type: verb,
      ...more
    }),
    send(activity, to) {
      const target = new URL(`${to.uri}/inbox`)
      return post(instance, { path: target.pathname, activity: goFed(activity), keyId, privatePem: keys.privatePem })
    }
  }
  return account
}

/** As the library behind GoToSocial writes JSON: names in order, lists of one as that one, empty lists not at all. */
export function goFed(value: Json): Json
export function goFed(value: unknown, name?: string): unknown
export function goFed(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) {
    const [only, ...others] = value.map((each) => goFed(each))
    return others.length === 0 && only !== undefined && !lists.has(name) ? only : value.map((each) => goFed(each))
  }
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([, each]) => each !== undefined && !(Array.isArray(each) && each.length === 0))
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, each]) => [key, goFed(each, key)]))
}
