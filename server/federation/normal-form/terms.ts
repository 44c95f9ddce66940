const as = 'https://www.w3.org/ns/activitystreams#'
const security = 'https://w3id.org/security#'
const ldp = 'http://www.w3.org/ns/ldp#'

/** Prefixes that the usual contexts define. */
export const usualPrefixes: ReadonlyMap<string, string> = new Map([
  ['as', as],
  ['sec', security],
  ['ldp', ldp]
])

const ofActivityStreams = [
  ...[
    'actor',
    'object',
    'target',
    'result',
    'to',
    'cc',
    'bto',
    'bcc',
    'audience',
    'attributedTo',
    'inReplyTo',
    'attachment',
    'tag',
    'url',
    'href'
  ],
  ...[
    'icon',
    'image',
    'content',
    'name',
    'summary',
    'mediaType',
    'published',
    'updated',
    'oneOf',
    'anyOf',
    'formerType',
    'width',
    'height',
    'source'
  ],
  ...[
    'outbox',
    'followers',
    'following',
    'preferredUsername',
    'endpoints',
    'sharedInbox',
    'manuallyApprovesFollowers',
    'alsoKnownAs',
    'movedTo'
  ],
  ...['items', 'orderedItems', 'first', 'next', 'sensitive', 'Public'],
  ...['Create', 'Update', 'Delete', 'Follow', 'Accept', 'Reject', 'Undo', 'Like', 'Announce', 'Block', 'Flag', 'Move', 'Add', 'Remove'],
  ...['Note', 'Question', 'Article', 'Page', 'Video', 'Audio', 'Image', 'Event', 'Document', 'Tombstone', 'Link', 'Mention', 'Hashtag'],
  ...['Person', 'Service', 'Application', 'Group', 'Organization']
]

const ofSecurity = [
  'publicKey',
  'publicKeyPem',
  'owner',
  'assertionMethod',
  'publicKeyMultibase',
  'controller',
  'Multikey',
  'signature',
  'proof'
]

/**
 * Terms whose meaning our reading rests on, each with the IRI it has in the usual contexts. A document that gives one of them
 * another meaning is refused, and one that gives their meaning to another word is expanded first. Words of extensions
 * (emoji, polls, profile fields) are absent on purpose: servers spell their IRIs in many ways, and nothing is decided by them.
 */
export const usualIris: ReadonlyMap<string, readonly string[]> = new Map<string, string[]>([
  ...ofActivityStreams.map((term): [string, string[]] => [term, [as + term]]),
  ...ofSecurity.map((term): [string, string[]] => [term, [security + term]]),
  ['inbox', [`${ldp}inbox`, `${as}inbox`]]
])

export const meaningfulIris: ReadonlySet<string> = new Set([...usualIris.values()].flat())
