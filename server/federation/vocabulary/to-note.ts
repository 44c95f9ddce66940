import type { Visibility } from '#db/schema/posts.ts'
import type { OutgoingEmoji } from '#server/emoji/find-own.ts'
import { likesOf, repliesOf, sharesOf } from '#server/federation/vocabulary/addresses.ts'
import { activityStreams, postContext, questionContext } from '#server/federation/vocabulary/context.ts'
import { authorizationTerms, policyTerms, quoteTerms, withTerms } from '#server/federation/vocabulary/interaction-terms.ts'
import { emojiTerms, toEmojiTag } from '#server/federation/vocabulary/to-emoji.ts'
import { toPolicy } from '#server/federation/vocabulary/to-policy.ts'
import { type OutgoingQuote, toQuote, toQuoteHtml, toQuoteTag } from '#server/federation/vocabulary/to-quote.ts'
import { type OutgoingPoll, toQuestion } from '#server/federation/vocabulary/to-question.ts'
import { toAudience } from '#server/federation/vocabulary/to-audience.ts'
import { isForAnybody } from '#server/posts/visibility.ts'

export interface Attached {
  key: string
  mime: string
  alt: string
  width: number | null
  height: number | null
  /** Hundredths, -100 to 100; 0 for both is the middle. */
  focusX: number
  focusY: number
}

/** A post of ours with what stands beside it, as `loadNote` gives it. */
export interface OutgoingPost {
  uri: string
  authorUri: string
  html: string
  /** What was typed, where that was Markdown. */
  source: string | null
  isMarkdown: boolean
  warning: string
  isSensitive: boolean
  language: string | null
  visibility: Visibility
  isLocalOnly: boolean
  createdAt: number
  editedAt: number | null
  replyToUri: string | null
  /** The conversation's own address; undefined when it did not begin here. */
  contextUri?: string | undefined
  boostsCount: number
  favouritesCount: number
  /** Everybody mentioned, with the handle as others write it (`ana@b.example`). */
  mentions: readonly { uri: string; handle: string }[]
  /** The community it is in (FEP-1b12); null for none. */
  communityUri: string | null
  /** Addressed without a mention. */
  others: readonly string[]
  tags: readonly string[]
  media: readonly Attached[]
  /** Who may do what with it; null where that goes without saying. */
  isLocal: boolean
  canQuote: string | null
  canReply: string | null
  canLike: string | null
  canAnnounce: string | null
  /** What it quotes; absent when it quotes nothing. */
  quote?: OutgoingQuote | undefined
  /** What proves its right to answer; absent where none is needed. */
  replyAuthorizationUri?: string | null | undefined
  /** Custom emoji of ours in it; absent for none. */
  emojis?: readonly OutgoingEmoji[] | null | undefined
  /** What it asks; absent when it asks nothing. */
  poll?: OutgoingPoll | undefined
}

/** A post of ours as a Note (ActivityPub, section 6; summary and sensitive as Mastodon reads them). */
export function toNote(post: OutgoingPost, origin: string): Record<string, unknown> {
  const community = post.communityUri === null ? [] : [post.communityUri]
  const persons = [...post.mentions.map((mention) => mention.uri), ...post.others, ...community]
  const { to, cc } = toAudience(post.visibility, post.authorUri, persons)
  const mentioned = post.mentions.map((mention) => mention.uri)
  const policy = toPolicy(post, post.authorUri, mentioned)
  const content = post.quote ? post.html + toQuoteHtml(post.quote) : post.html
  return {
    '@context': contextOf(post),
    id: post.uri,
    type: 'Note',
    ...(post.poll ? toQuestion(post.poll) : {}),
    url: post.uri,
    attributedTo: post.authorUri,
    to,
    cc,
    ...(post.communityUri === null ? {} : { audience: post.communityUri }),
    published: new Date(post.createdAt).toISOString(),
    ...(post.editedAt === null ? {} : { updated: new Date(post.editedAt).toISOString() }),
    ...(post.replyToUri === null ? {} : { inReplyTo: post.replyToUri }),
    ...(post.warning === '' ? {} : { summary: post.warning }),
    sensitive: post.isSensitive || post.warning !== '',
    content,
    ...(post.language === null ? {} : { contentMap: { [post.language]: content } }),
    // ActivityPub, section 3.3: of plain text the content says as much.
    ...(post.isMarkdown && post.source !== null ? { source: { content: post.source, mediaType: 'text/markdown' } } : {}),
    ...(post.quote ? toQuote(post.quote) : {}),
    interactionPolicy: policy,
    ...(post.replyAuthorizationUri == null
      ? {}
      : { replyAuthorization: post.replyAuthorizationUri, approvedBy: post.replyAuthorizationUri }),
    tag: [
      ...post.mentions.map((mention) => ({ type: 'Mention', href: mention.uri, name: `@${mention.handle}` })),
      ...post.tags.map((tag) => ({ type: 'Hashtag', href: `${origin}/tags/${encodeURIComponent(tag)}`, name: `#${tag}` })),
      ...(post.emojis ?? []).map((emoji) => toEmojiTag(emoji, origin)),
      ...(post.quote ? [toQuoteTag(post.quote)] : [])
    ],
    attachment: post.media.map((media) => toDocument(media, origin)),
    ...(isForAnybody(post) ? collections(post) : {})
  }
}

/** Only the words that the post uses. */
function contextOf(post: OutgoingPost): unknown[] {
  return withTerms(
    post.poll ? questionContext : postContext,
    policyTerms,
    post.quote ? quoteTerms : {},
    post.emojis?.length ? emojiTerms : {},
    post.replyAuthorizationUri == null ? {} : authorizationTerms
  )
}

/** What stays of a deleted post. */
export function toTombstone(post: { uri: string; deletedAt: number }): Record<string, unknown> {
  return {
    '@context': activityStreams,
    id: post.uri,
    type: 'Tombstone',
    formerType: 'Note',
    deleted: new Date(post.deletedAt).toISOString()
  }
}

function toDocument(media: Attached, origin: string): Record<string, unknown> {
  return {
    type: 'Document',
    mediaType: media.mime,
    url: `${origin}/media/${media.key}`,
    name: media.alt === '' ? null : media.alt,
    ...(media.width === null ? {} : { width: media.width }),
    ...(media.height === null ? {} : { height: media.height }),
    ...(media.focusX === 0 && media.focusY === 0 ? {} : { focalPoint: [media.focusX / 100, media.focusY / 100] })
  }
}

/** The way to the first page of replies stands inside: GoToSocial looks for none that it would have to ask for twice. */
function collections(post: OutgoingPost): Record<string, unknown> {
  const replies = repliesOf(post.uri)
  return {
    ...(post.contextUri === undefined ? {} : { context: post.contextUri }),
    replies: { id: replies, type: 'Collection', first: { type: 'CollectionPage', partOf: replies, next: `${replies}?page=1`, items: [] } },
    likes: { id: likesOf(post.uri), type: 'Collection', totalItems: post.favouritesCount },
    shares: { id: sharesOf(post.uri), type: 'Collection', totalItems: post.boostsCount }
  }
}
