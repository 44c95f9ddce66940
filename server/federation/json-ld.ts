import { isMeaningfulIri } from '#server/federation/normal-form/inspect-terms.ts'
import { usualIris } from '#server/federation/normal-form/terms.ts'
import { NormalFormFault } from '#server/federation/normal-form/types.ts'
import { isRecord, type Json } from '#server/federation/normal-form/values.ts'
import { activityStreams } from '#server/federation/vocabulary/context.ts'

const security = 'https://w3id.org/security/v1'

/** Words that servers use beyond ActivityStreams and security/v1, as the normal form spells them. */
const extensions = {
  toot: 'http://joinmastodon.org/ns#',
  schema: 'http://schema.org#',
  manuallyApprovesFollowers: 'as:manuallyApprovesFollowers',
  sensitive: 'as:sensitive',
  Hashtag: 'as:Hashtag',
  movedTo: { '@id': 'as:movedTo', '@type': '@id' },
  alsoKnownAs: { '@id': 'as:alsoKnownAs', '@type': '@id' },
  discoverable: 'toot:discoverable',
  indexable: 'toot:indexable',
  attributionDomains: { '@id': 'toot:attributionDomains', '@container': '@set' },
  suspended: 'toot:suspended',
  memorial: 'toot:memorial',
  featured: { '@id': 'toot:featured', '@type': '@id' },
  votersCount: 'toot:votersCount',
  focalPoint: { '@id': 'toot:focalPoint', '@container': '@list' },
  Emoji: 'toot:Emoji',
  PropertyValue: 'schema:PropertyValue',
  value: 'schema:value',
  EmojiReact: 'http://litepub.social/ns#EmojiReact',
  ChatMessage: 'http://litepub.social/ns#ChatMessage',
  _misskey_reaction: 'https://misskey-hub.net/ns#_misskey_reaction',
  gts: 'https://gotosocial.org/ns#',
  ...Object.fromEntries(['QuoteRequest', 'QuoteAuthorization'].map((type) => [type, `https://w3id.org/fep/044f#${type}`])),
  quote: { '@id': 'https://w3id.org/fep/044f#quote', '@type': '@id' },
  quoteAuthorization: { '@id': 'https://w3id.org/fep/044f#quoteAuthorization', '@type': '@id' },
  quoteUrl: 'as:quoteUrl',
  quoteUri: 'http://fedibird.com/ns#quoteUri',
  _misskey_quote: 'https://misskey-hub.net/ns#_misskey_quote',
  ...Object.fromEntries(
    ['Like', 'Reply', 'Announce'].flatMap((verb) => [`${verb}Request`, `${verb}Authorization`].map((type) => [type, `gts:${type}`]))
  ),
  ...Object.fromEntries(
    [
      ...['interactionPolicy', 'canQuote', 'canReply', 'canLike', 'canAnnounce', 'automaticApproval', 'manualApproval'],
      ...['always', 'approvalRequired', 'interactingObject', 'interactionTarget', 'approvedBy'],
      ...['likeAuthorization', 'replyAuthorization', 'announceAuthorization']
    ].map((term) => [term, { '@id': `gts:${term}`, '@type': '@id' }])
  ),
  proof: { '@id': 'https://w3id.org/security#proof', '@type': '@id', '@container': '@graph' },
  Multikey: 'https://w3id.org/security#Multikey',
  assertionMethod: { '@id': 'https://w3id.org/security#assertionMethod', '@type': '@id' },
  controller: { '@id': 'https://w3id.org/security#controller', '@type': '@id' },
  publicKeyMultibase: { '@id': 'https://w3id.org/security#publicKeyMultibase' }
}

const normalContext = [activityStreams, security, extensions]

/** Every Akkoma and Pleroma serves this one under its own name. */
const litepub = /^https?:\/\/[^/]+\/schemas\/litepub-0\.1\.jsonld$/

/**
 * Rewrites a document whose words are not the usual ones (prefixed, renamed, expanded) into compact ActivityStreams. Contexts come
 * from what is bundled, one that is not known counts as empty, and nothing is ever fetched. Throws
 * NormalFormFault when it cannot be read or is more than one object.
 */
export async function toCompact(document: Json): Promise<Json> {
  // Loaded when the first document needs it: hardly any does.
  const [{ preloadedContexts }, { default: jsonld }] = await Promise.all([
    import('@fedify/vocab-runtime'),
    import('@fedify/vocab-runtime/jsonld')
  ])
  const documentLoader = async (url: string) => ({
    contextUrl: undefined,
    documentUrl: url,
    document: bundledContext(url, preloadedContexts) as never
  })
  const context = document['@context']
  const own = context === undefined ? [] : [context].flat()
  // The usual words mean the usual things wherever a document does not say otherwise, as when it is read directly; and a language is said of texts, not of names.
  const contexts = [...normalContext, ...own, { '@language': null }]
  try {
    const expanded = await jsonld.expand({ ...document, '@context': contexts } as never, { documentLoader, safe: false })
    const compact: unknown = await jsonld.compact(expanded, { '@context': normalContext } as never, { documentLoader })
    if (!isRecord(compact) || '@graph' in compact) throw new NormalFormFault('The document is not one object.')
    refuseLeftovers(compact)
    plainExtensions(compact)
    return { ...compact, '@context': [...normalContext, ...own.flatMap(languageOf)] }
  } catch (error) {
    if (error instanceof NormalFormFault) throw error
    throw new NormalFormFault(`The document is not sound JSON-LD: ${error instanceof Error ? error.message : 'unknown'}`)
  }
}

/** A usual word that keeps its prefix has a value of the wrong kind (a text for an address); beside its plain spelling it would say a second thing. */
function refuseLeftovers(compact: Json): void {
  const open: unknown[] = [compact]
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    for (const [key, inner] of Object.entries(value as Json)) {
      if (key === '@context') continue
      if (isMeaningfulIri(key)) throw new NormalFormFault(`${key} has a value of the wrong kind.`)
      if (inner !== null && typeof inner === 'object') open.push(inner)
    }
  }
}

/**
 * A word of an extension that is no usual word, or that its own document says to be a text where others say an address, keeps its prefix: it is given its
 * plain spelling beside, unless that is there, as if it had been read directly. The words that our reading rests on are none of these.
 */
function plainExtensions(compact: Json): void {
  const open: Json[] = [compact]
  for (let object = open.pop(); object !== undefined; object = open.pop()) {
    for (const [key, inner] of Object.entries(object)) {
      if (key === '@context') continue
      const [, word] = /^(?:toot|schema|gts):(\w+)$/.exec(key) ?? []
      if (word !== undefined && !usualIris.has(word) && !Object.hasOwn(object, word)) object[word] = inner
      for (const each of [inner].flat()) if (isRecord(each)) open.push(each)
    }
  }
}

/** What a document says of the language of its texts, which is read from its context. */
function languageOf(context: unknown): Json[] {
  const language = isRecord(context) ? context['@language'] : undefined
  return typeof language === 'string' ? [{ '@language': language }] : []
}

function bundledContext(url: string, bundled: Record<string, unknown>): unknown {
  if (litepub.test(url)) return { '@context': [activityStreams, security, extensions] }
  return bundled[url] ?? { '@context': {} }
}
