import type { ActorType, ProfileField } from '#db/schema/accounts.ts'
import { cleanText } from '#server/platform/clean-text.ts'
import type { ToldEmoji } from '#server/media/remote-emoji.ts'
import { usedEmojis } from '#server/posts/received-post.ts'
import { sanitizeHtml } from '#server/posts/sanitize-html.ts'

const bioCharactersMax = 20_000

/** A remote account as its own server tells of it; where it came from has been checked. Addresses are ids, byte for byte. */
export interface ToldActor {
  uri: string
  name: string
  /** Normalised domain of the handle. */
  domain: string
  type: ActorType
  displayName: string
  /** As it came, like the values of the fields. */
  bioHtml: string
  fields: readonly { name: string; valueHtml: string }[]
  url?: string
  avatarUrl?: string
  headerUrl?: string
  inboxUrl: string
  sharedInboxUrl?: string
  outboxUrl?: string
  followersUrl?: string
  followingUrl?: string
  featuredUrl?: string
  isLocked: boolean
  isDiscoverable: boolean
  isIndexable: boolean
  /** Hosts of sites that may name it as their author, normalised; absent for none. */
  attributionDomains?: readonly string[]
  isSuspended: boolean
  /** Its owner has died. */
  isMemorial: boolean
  /** Custom emoji it brings along. */
  emojis: readonly ToldEmoji[]
  alsoKnownAs: readonly string[]
  movedToUri?: string
  /** ms since 1970; absent when not said. */
  publishedAt?: number
  /** Its keys; undefined leaves those we have. */
  keys?: readonly ToldKey[]
}

export interface ToldKey {
  uri: string
  kind: 'rsa' | 'ed25519'
  /** SPKI PEM. */
  publicPem: string
}

/** The same with its HTML sanitised. Only `cleanToldActor` makes one. */
export interface CleanActor extends Omit<ToldActor, 'fields'> {
  fields: ProfileField[]
  readonly isClean: unique symbol
}

/** Sanitises what another server says of an account; call it before the transaction. Pure. */
export function cleanToldActor(told: ToldActor): CleanActor {
  const bioHtml = sanitizeHtml(cleanText(told.bioHtml, bioCharactersMax))
  const fields = told.fields.map(({ name, valueHtml }) => ({ name, valueHtml: sanitizeHtml(valueHtml) }))
  const texts = [told.displayName, bioHtml, ...fields.flatMap(({ name, valueHtml }) => [name, valueHtml])]
  return {
    ...told,
    url: isOnHostOf(told.url, told.uri) ? told.url : undefined,
    bioHtml,
    fields,
    emojis: usedEmojis(told.emojis, texts)
  } as unknown as CleanActor
}

/** A page elsewhere would let one server's account pass for another's. */
function isOnHostOf(url: string | undefined, uri: string): boolean {
  const host = url === undefined ? undefined : URL.parse(url)?.host
  return host !== undefined && host === URL.parse(uri)?.host
}
