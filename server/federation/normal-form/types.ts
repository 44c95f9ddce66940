/**
 * The one shape in which documents of other servers are read by the rest of the code (law 2 of the security rules): plain values, lists
 * where there may be many, ids byte for byte as they came, texts without control characters, times in ms since 1970.
 * Everything here is what its sender says; nothing of it is believed yet.
 */

/** What stands where an object is expected: an id, a whole object, or both. */
export interface NormalRef {
  id: string | undefined
  /** The object as it was embedded: compact AS2, read by readObject, readActor or readActivity when it matters. */
  embedded: Record<string, unknown> | undefined
}

export interface NormalActivity {
  /** Absent in the wild on Undo and on some Accepts. */
  id: string | undefined
  type: string
  actor: string
  /** In their order; all verbs but Flag have exactly one. */
  objects: NormalRef[]
  target: NormalRef | undefined
  /** What a request asks for: the quoting post, the reply, the Like or the Announce. */
  instrument: NormalRef | undefined
  /** Id of the authorization that an Accept brings, or that a Like or Announce names. */
  authorization: string | undefined
  to: string[]
  cc: string[]
  publishedAt: number | undefined
  /** End of what a Block does (`endTime`); undefined when none is said. */
  endsAt: number | undefined
  /** Why, as a moderator puts it. */
  summary: string
  /** The comment of a Flag, the emoji of a Like. */
  content: string
  /** What it reacts with: `_misskey_reaction`, else `content`, and the custom emoji it brings along. */
  reaction: { text: string; emojis: NormalEmoji[] }
  /** It carries a Linked Data signature or a proof: its server means it to be forwarded. */
  isForwardable: boolean
}

export interface NormalAttachment {
  url: string
  /** As said, lower case; empty when nothing is said. */
  mime: string
  alt: string
  width: number | undefined
  height: number | undefined
  /** Focal point, each from -1 to 1; 0 is the middle. */
  focusX: number
  focusY: number
}

/** Something attached that is no picture: shown as a link, or (a PropertyValue) as a line of its own. */
export interface NormalExtra {
  /** As written; empty when nothing is said. */
  name: string
  /** Undefined for a PropertyValue. */
  url: string | undefined
  /** Of a PropertyValue, as it came (HTML); else empty. */
  valueHtml: string
}

export interface NormalMention {
  /** The actor's id. */
  href: string
  /** As written, mostly `@name@host`. */
  name: string
}

export interface NormalEmoji {
  /** Without the colons. */
  shortcode: string
  /** Where its picture lies. */
  url: string
  /** ms since 1970; 0 when nothing is said. */
  updatedAt: number
}

/** What a post says it quotes. */
export interface NormalQuote {
  uri: string
  /** Said in words alone that know no consent. */
  isLegacy: boolean
  /** Id of the QuoteAuthorization it names. */
  authorization: string | undefined
}

/** Who may do something with a post: ids of actors and collections, the public one in its long spelling. */
export interface NormalPolicy {
  automatic: string[]
  manual: string[]
  /** Said in the older words alone. */
  isOld: boolean
}

export interface NormalPolicies {
  canQuote: NormalPolicy | undefined
  canReply: NormalPolicy | undefined
  canLike: NormalPolicy | undefined
  canAnnounce: NormalPolicy | undefined
}

export interface NormalObject {
  id: string | undefined
  type: string
  /** Those said to be a Person first, those said to be a Group last, else in their order; empty when nothing is said. */
  attributedTo: string[]
  to: string[]
  cc: string[]
  /** Ids of `audience`, which stand in `cc` too; of a post in a community the community's (FEP-1b12). */
  audience: string[]
  inReplyTo: string | undefined
  /** Collection of its answers. */
  repliesUrl: string | undefined
  /** Collection of the conversation it is part of (FEP-7888), wherever that lies. */
  contextUrl: string | undefined
  title: string
  /** Not sanitised yet. Text that is said to be plain is escaped here. */
  html: string
  summary: string
  /** Of what is longer than a note: its `preview` (FEP-b2b8), else its summary, as HTML that is not sanitised yet; empty when it has none. */
  abstractHtml: string
  isSensitive: boolean
  /** BCP 47; undefined when nothing credible is said. */
  language: string | undefined
  publishedAt: number | undefined
  updatedAt: number | undefined
  /** Page for people. */
  url: string | undefined
  attachments: NormalAttachment[]
  extras: NormalExtra[]
  mentions: NormalMention[]
  /** Without the hash sign, as written. */
  hashtags: string[]
  emojis: NormalEmoji[]
  /** Undefined when it quotes nothing. */
  quote: NormalQuote | undefined
  /** Undefined when it says nothing of who may do what with it. */
  policies: NormalPolicies | undefined
  /** Id of the ReplyAuthorization (or of the Accept that servers before GoToSocial 0.20 name) that proves its right to answer. */
  replyAuthorization: string | undefined
  /** What a Question asks; undefined when it asks nothing. */
  poll: NormalPoll | undefined
}

export interface NormalPoll {
  isMultiple: boolean
  /** As written, in their order. */
  options: { name: string; votes: number | undefined }[]
  endsAt: number | undefined
  /** When it ended, or that it did; some servers say here when it is going to. */
  closed: number | true | undefined
  votersCount: number | undefined
}

export interface NormalKey {
  id: string
  /** The actor it says it belongs to; undefined when it says nothing. */
  owner: string | undefined
  kind: 'rsa' | 'ed25519'
  /** SPKI PEM. */
  publicPem: string
}

export interface NormalActor {
  id: string
  type: 'Person' | 'Service' | 'Application' | 'Group' | 'Organization'
  /** preferredUsername. */
  name: string
  displayName: string
  /** Not sanitised yet. */
  bioHtml: string
  fields: { name: string; valueHtml: string }[]
  url: string | undefined
  avatarUrl: string | undefined
  headerUrl: string | undefined
  inbox: string
  sharedInbox: string | undefined
  outbox: string | undefined
  followers: string | undefined
  following: string | undefined
  featured: string | undefined
  isLocked: boolean
  isDiscoverable: boolean
  isIndexable: boolean
  /** Hosts of sites that may name it as their author, normalised. */
  attributionDomains: string[]
  isSuspended: boolean
  isMemorial: boolean
  emojis: NormalEmoji[]
  alsoKnownAs: string[]
  movedTo: string | undefined
  publishedAt: number | undefined
  keys: NormalKey[]
  /** Keys it names by their address alone. */
  keyUrls: string[]
}

/** Why a document is refused: what it does wrong, for the other side's operator. */
export class NormalFormFault extends Error {
  override readonly name = 'NormalFormFault'
}
