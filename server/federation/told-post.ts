import type { Reader } from '#db/reader.ts'
import { findByUris, type KnownPerson } from '#server/accounts/find-by-uris.ts'
import type { Account } from '#server/accounts/who.ts'
import { postTypes } from '#server/federation/normal-form/read-object.ts'
import type { NormalObject, NormalQuote } from '#server/federation/normal-form/types.ts'
import { toToldPolicies } from '#server/federation/told-policies.ts'
import { publicAudience } from '#server/federation/vocabulary/context.ts'
import { htmlToText } from '#server/posts/html-to-text.ts'
import { type CleanPost, cleanToldPost } from '#server/posts/received-post.ts'
import { extrasHtml } from '#server/federation/told-extras.ts'

/** Types whose summary is a content warning; of an article, video, picture or event it is a summary. */
const warningTypes = ['Note', 'Question', 'ChatMessage']

/** Whether an object is shown as a post. */
export function isPost(object: NormalObject): boolean {
  return postTypes.includes(object.type) && !isVote(object)
}

/** Markup that shows nothing: snac writes a line break into its votes. */
const blankMarkup = /<br\s?\/?>|<\/?p>|&nbsp;|\s+/gi

/** A vote is a Note that has a name, answers a Question, and says nothing. */
export function isVote({ type, title, html, inReplyTo }: NormalObject): boolean {
  return type === 'Note' && title !== '' && inReplyTo !== undefined && html.replace(blankMarkup, '') === ''
}

/**
 * A post of another server, whose origin and author have been checked, in the words of posts/, cleaned. People count whether they stand on the
 * object or on its activity; whether it is for everybody or for followers is said by the object, which is what is served to whoever asks for it, and by
 * the activity where the object says nothing. People nobody here knows are left out.
 */
export async function toToldPost(
  db: Reader,
  object: NormalObject & { id: string },
  author: Account,
  activity?: { to: string[]; cc: string[] }
): Promise<CleanPost> {
  const to = [...new Set([...object.to, ...(activity?.to ?? [])])]
  const cc = [...new Set([...object.cc, ...(activity?.cc ?? [])])]
  const wide = object.to.length + object.cc.length > 0 ? object : { to, cc }
  const named = new Set([...object.mentions.map((mention) => mention.href), ...to, ...cc, ...object.attributedTo])
  // Neither is anybody's id, and most posts name nothing else.
  for (const known of [publicAudience, author.followersUrl, author.uri]) if (known !== null) named.delete(known)
  const people = await findByUris(db, [...named])
  const mentionIds = object.mentions.flatMap(({ href }) => people.get(href)?.id ?? [])
  const addressed = [...to, ...cc]
    .flatMap((uri) => people.get(uri) ?? [])
    .filter((person) => person.isOurs && !mentionIds.includes(person.id))
  const isChat = object.type === 'ChatMessage'
  return cleanToldPost({
    uri: object.id,
    url: object.url,
    authorId: author.id,
    type: object.type,
    title: titleOf(object),
    html: object.html + (object.extras.length > 0 ? extrasHtml(object) : ''),
    abstractHtml: object.isSensitive ? undefined : object.abstractHtml,
    warning: object.isSensitive || warningTypes.includes(object.type) ? htmlToText(object.summary) : '',
    isSensitive: object.isSensitive,
    language: object.language,
    publishedAt: object.publishedAt,
    updatedAt: object.updatedAt,
    replyToUri: object.inReplyTo,
    repliesUrl: object.repliesUrl,
    contextUrl: object.contextUrl,
    audienceUri: communityOf(object, people, author),
    publicIn: isChat ? undefined : wide.to.includes(publicAudience) ? 'to' : wide.cc.includes(publicAudience) ? 'cc' : undefined,
    isForFollowers: !isChat && author.followersUrl !== null && [...wide.to, ...wide.cc].includes(author.followersUrl),
    // Whom a chat is with is nowhere mentioned, and is meant all the same.
    mentionIds: isChat ? [...mentionIds, ...addressed.map((person) => person.id)] : mentionIds,
    silentIds: isChat ? [] : addressed.map((person) => person.id),
    tags: object.hashtags,
    poll: object.poll,
    quote: object.quote && { uri: object.quote.uri, isLegacy: object.quote.isLegacy, ...authorizationOf(object.quote) },
    policies: toToldPolicies(object, author),
    replyAuthorizationUri: object.replyAuthorization,
    emojis: object.emojis,
    media: object.attachments.map(({ focusX, focusY, ...attachment }) => ({ ...attachment, focus: { x: focusX, y: focusY } }))
  })
}

/**
 * The community a post is in: `audience` as it is said (FEP-1b12), else a group that is known here and stands among those addressed or, as of a video,
 * among those it is attributed to.
 */
function communityOf(object: NormalObject, people: ReadonlyMap<string, KnownPerson>, author: Account): string | undefined {
  const said = object.audience.find((uri) => uri !== publicAudience && uri !== author.followersUrl && people.get(uri)?.isGroup !== false)
  return said ?? [...object.to, ...object.cc, ...object.attributedTo].find((uri) => people.get(uri)?.isGroup)
}

function authorizationOf({ authorization }: NormalQuote): { authorizationUri?: string } {
  return authorization === undefined ? {} : { authorizationUri: authorization }
}

/** A note's name is shown when its text does not say it. */
function titleOf({ type, title, html }: NormalObject): string | undefined {
  if (title === '') return undefined
  return type === 'Note' && htmlToText(html).includes(title) ? undefined : title
}
