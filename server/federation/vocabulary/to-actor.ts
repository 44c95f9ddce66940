import type { Account } from '#server/accounts/who.ts'
import type { OutgoingEmoji } from '#server/emoji/find-own.ts'
import { featuredOf, followersOf, followingOf, inboxOf, outboxOf, sharedInboxOf } from '#server/federation/vocabulary/addresses.ts'
import { actorContext } from '#server/federation/vocabulary/context.ts'
import { emojiTerms, toEmojiTag } from '#server/federation/vocabulary/to-emoji.ts'
import { toMultibase } from '#server/federation/vocabulary/multikey.ts'
import { withMe } from '#server/profiles/me-links.ts'

export interface Picture {
  key: string
  mime: string
  alt: string
}

export interface ActorParts {
  account: Account
  keys: readonly { uri: string; kind: 'rsa' | 'ed25519'; publicPem: string }[]
  avatar: Picture | undefined
  header: Picture | undefined
  /** Custom emoji of ours in name, biography and fields. */
  emojis: readonly OutgoingEmoji[]
}

interface Place {
  origin: string
  handleDomain: string
}

/**
 * One of our accounts as an actor (ActivityPub, section 4.1): RSA key as `publicKey` for HTTP signatures, Ed25519 key as Multikey in
 * `assertionMethod` (FEP-521a), handle as `webfinger` (FEP-2c59). A suspended one keeps its keys and addresses, and shows nothing else.
 */
export function toActor({ account, keys, avatar, header, emojis }: ActorParts, { origin, handleDomain }: Place): Record<string, unknown> {
  const isSuspended = account.suspendedAt !== null
  return {
    '@context': emojis.length > 0 ? [actorContext[0], actorContext[1], { ...actorContext[2], ...emojiTerms }] : actorContext,
    id: account.uri,
    type: account.type,
    preferredUsername: account.name,
    webfinger: `${account.name}@${handleDomain}`,
    name: isSuspended ? '' : account.displayName || account.name,
    summary: isSuspended ? '' : account.bioHtml,
    url: account.url ?? account.uri,
    inbox: inboxOf(account.uri),
    outbox: outboxOf(account.uri),
    followers: followersOf(account.uri),
    following: followingOf(account.uri),
    featured: featuredOf(account.uri),
    endpoints: { sharedInbox: sharedInboxOf(origin) },
    ...keyProperties(account.uri, keys),
    manuallyApprovesFollowers: account.isLocked,
    discoverable: account.isDiscoverable && !isSuspended,
    indexable: account.isIndexable && !isSuspended,
    ...(account.attributionDomains?.length && !isSuspended ? { attributionDomains: account.attributionDomains } : {}),
    suspended: isSuspended,
    published: new Date(account.createdAt).toISOString(),
    ...(account.alsoKnownAs.length > 0 ? { alsoKnownAs: account.alsoKnownAs } : {}),
    ...(account.movedToUri === null ? {} : { movedTo: account.movedToUri }),
    ...(isSuspended
      ? {}
      : { attachment: account.fields.map((field) => ({ type: 'PropertyValue', name: field.name, value: withMe(field.valueHtml) })) }),
    ...(emojis.length > 0 && !isSuspended ? { tag: emojis.map((emoji) => toEmojiTag(emoji, origin)) } : {}),
    ...(avatar && !isSuspended ? { icon: toImage(avatar, origin) } : {}),
    ...(header && !isSuspended ? { image: toImage(header, origin) } : {})
  }
}

/** What stays of an erased account: its id, so that others can let go of it. */
export function toActorTombstone(account: Account): Record<string, unknown> {
  return { '@context': actorContext[0], id: account.uri, type: 'Tombstone', formerType: account.type }
}

function keyProperties(actorUri: string, keys: ActorParts['keys']): Record<string, unknown> {
  const rsa = keys.find((key) => key.kind === 'rsa')
  const multikeys = keys.filter((key) => key.kind === 'ed25519')
  return {
    ...(rsa ? { publicKey: { id: rsa.uri, type: 'CryptographicKey', owner: actorUri, publicKeyPem: rsa.publicPem } } : {}),
    ...(multikeys.length > 0
      ? {
          assertionMethod: multikeys.map((key) => ({
            id: key.uri,
            type: 'Multikey',
            controller: actorUri,
            publicKeyMultibase: toMultibase(key.publicPem)
          }))
        }
      : {})
  }
}

function toImage(picture: Picture, origin: string): Record<string, unknown> {
  return {
    type: 'Image',
    mediaType: picture.mime,
    url: `${origin}/media/${picture.key}`,
    ...(picture.alt === '' ? {} : { summary: picture.alt, name: picture.alt })
  }
}
