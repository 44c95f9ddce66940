import type { Visibility } from '#db/schema/posts.ts'
import type { ToldQuote } from '#server/interactions/quotes.ts'
import type { ToldEmoji } from '#server/media/remote-emoji.ts'
import type { RemoteMediaItem } from '#server/media/remote-media.ts'
import { cleanName, cleanText } from '#server/platform/clean-text.ts'
import { type CleanPoll, cleanToldPoll, type ToldPoll } from '#server/polls/told-poll.ts'
import { tagKey } from '#server/posts/find-mentions.ts'
import { sanitizeHtml } from '#server/posts/sanitize-html.ts'

/** Tags and mentions kept of one post; what comes after is left out. */
const tagsMax = 200
const mentionsMax = 200
const titleCharactersMax = 500
const warningCharactersMax = 2_000
const addressCharactersMax = 2_048
const noEmojis: readonly ToldEmoji[] = []

/** Who may do what with it, in the words of interactions/policy.ts; null where it says nothing. */
export type ToldPolicies = Record<'canQuote' | 'canReply' | 'canLike' | 'canAnnounce', string | null>

/** A remote post as another server tells of it, in our own words; ids of people are rows of accounts, the origin of everything has been checked. */
export interface ToldPost {
  uri: string
  /** Page for people; kept when it is http(s) on the host of the uri. */
  url?: string
  authorId: number
  /** Type it came as: Note, Article, … */
  type: string
  title?: string
  /** As it came. */
  html: string
  /** What a longer text says of itself in short, as it came; empty or absent when it says nothing. */
  abstractHtml?: string
  /** Content warning, plain text. */
  warning?: string
  isSensitive?: boolean
  /** BCP 47. */
  language?: string
  /** ms since 1970; absent when not said. */
  publishedAt?: number
  /** When it was last edited, ms since 1970; absent when not said. */
  updatedAt?: number
  /** Id of the post it answers. */
  replyToUri?: string
  /** Collections of its answers and of its conversation, to be asked when somebody opens it. */
  repliesUrl?: string | undefined
  contextUrl?: string | undefined
  /** Id of the community it says it is in, whether anybody here knows it or not. */
  audienceUri?: string | undefined
  /** Where the public collection stands: in `to`, in `cc`, or nowhere. */
  publicIn?: 'to' | 'cc'
  /** Addressed to the author's own followers (nobody else's count). */
  isForFollowers: boolean
  /** People mentioned. */
  mentionIds: readonly number[]
  /** People addressed without a mention, and the owner of the personal inbox it came to. */
  silentIds: readonly number[]
  tags: readonly string[]
  media: readonly RemoteMediaItem[]
  /** What it asks. */
  poll?: ToldPoll | undefined
  /** What it quotes. */
  quote?: ToldQuote | undefined
  policies?: ToldPolicies | undefined
  /** Id of what proves its right to answer. */
  replyAuthorizationUri?: string | undefined
  /** Custom emoji it brings along. */
  emojis?: readonly ToldEmoji[]
}

/** The same, cleaned: what may be written. Only `cleanToldPost` makes one. */
export interface CleanPost extends Omit<ToldPost, 'publicIn' | 'isForFollowers' | 'poll'> {
  title: string | undefined
  /** Sanitised; undefined for none. */
  abstractHtml: string | undefined
  warning: string
  isSensitive: boolean
  /** Those that stand somewhere in it. */
  emojis: readonly ToldEmoji[]
  visibility: Visibility
  poll: CleanPoll | undefined
  readonly isClean: unique symbol
}

/**
 * Cleans what another server said: HTML through the sanitiser, texts without control characters, tags as keys, lists bounded, the
 * visibility derived from the audience. Costs up to some tens of ms for the worst input: call it before the transaction. Pure.
 */
export function cleanToldPost({ publicIn, isForFollowers, ...told }: ToldPost): CleanPost {
  const warning = cleanText(told.warning ?? '', warningCharactersMax)
    .replace(/\s+/gu, ' ')
    .trim()
  const title = told.title === undefined ? undefined : cleanName(told.title, titleCharactersMax) || undefined
  const html = sanitizeHtml(told.html)
  const abstractHtml = told.abstractHtml ? sanitizeHtml(told.abstractHtml) || undefined : undefined
  return {
    ...told,
    url: pageOf(told.url, told.uri),
    title,
    html,
    abstractHtml,
    emojis: usedEmojis(told.emojis, [title, html, abstractHtml, warning]),
    poll: told.poll && cleanToldPoll(told.poll),
    warning,
    isSensitive: Boolean(told.isSensitive) || warning !== '',
    visibility: visibilityOf(publicIn, isForFollowers),
    mentionIds: [...new Set(told.mentionIds)].slice(0, mentionsMax),
    silentIds: [...new Set(told.silentIds)].slice(0, mentionsMax),
    tags: [...new Set(told.tags.slice(0, tagsMax).map(tagKey))].filter((tag) => tag !== '')
  } as unknown as CleanPost
}

/** Those whose shortcode stands in one of the texts. */
export function usedEmojis(told: readonly ToldEmoji[] | undefined, texts: readonly (string | undefined)[]): readonly ToldEmoji[] {
  if (told === undefined || told.length === 0) return noEmojis
  return told.filter(({ shortcode }) => texts.some((text) => text?.includes(`:${shortcode}:`)))
}

function visibilityOf(publicIn: 'to' | 'cc' | undefined, isForFollowers: boolean): Visibility {
  if (publicIn !== undefined) return publicIn === 'to' ? 'public' : 'unlisted'
  return isForFollowers ? 'followers' : 'direct'
}

/** A page elsewhere would let one server's post pass for another's. */
function pageOf(url: string | undefined, uri: string): string | undefined {
  if (url === undefined || url.length > addressCharactersMax) return undefined
  const page = URL.parse(url)
  if (page === null || (page.protocol !== 'https:' && page.protocol !== 'http:')) return undefined
  return page.host === URL.parse(uri)?.host ? page.href : undefined
}
