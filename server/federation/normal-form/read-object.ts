import { cleanName } from '#server/platform/clean-text.ts'
import { idsOrPublic, readOwnId, readTypes } from '#server/federation/normal-form/read-activity.ts'
import { readAttachments, readExtras } from '#server/federation/normal-form/read-attachments.ts'
import { readContent, textIn } from '#server/federation/normal-form/read-content.ts'
import { readEmojis } from '#server/federation/normal-form/read-emojis.ts'
import { readEventLine } from '#server/federation/normal-form/read-event.ts'
import { readPoll } from '#server/federation/normal-form/read-poll.ts'
import { readPolicies } from '#server/federation/normal-form/read-policy.ts'
import { readQuote } from '#server/federation/normal-form/read-quote.ts'
import { takePictures } from '#server/federation/normal-form/take-pictures.ts'
import { dateOf, flagOf, idOf, idsOf, isRecord, type Json, listOf, textOf, urlOf } from '#server/federation/normal-form/values.ts'
import { hostOf } from '#server/platform/host-names.ts'
import { type NormalMention, NormalFormFault, type NormalObject } from '#server/federation/normal-form/types.ts'

const titleCharactersMax = 500
const addressCharactersMax = 2_048
const tagCharactersMax = 100

/** What is shown as a post. */
export const postTypes = ['Note', 'Question', 'Article', 'Page', 'Video', 'Audio', 'Image', 'Event', 'ChatMessage']

/** Of these, the summary is a content warning; of the others it says what they are about. */
const shortTypes = ['Note', 'Question', 'ChatMessage']

/** Reads compact AS2 as something that could be a post; its type may be any. Throws NormalFormFault when it has no type or an odd id. */
export function readObject(json: Json): NormalObject {
  const types = readTypes(json)
  const type = types.find((each) => postTypes.includes(each)) ?? types[0]
  if (type === undefined) throw new NormalFormFault('An object needs a type.')
  const content = readContent(json)
  const { html, pictures } = takePictures(content.html)
  const tags = listOf(json.tag).filter(isRecord)
  return {
    id: readOwnId(json),
    type,
    attributedTo: readAuthors(json.attributedTo),
    to: idsOrPublic(json.to),
    cc: [...new Set([json.cc, json.bto, json.bcc, json.audience].flatMap(idsOrPublic))],
    audience: idsOrPublic(json.audience),
    inReplyTo: idOf(json.inReplyTo),
    repliesUrl: addressOf(json.replies) ?? inlineRepliesOf(json),
    contextUrl: addressOf(json.context) ?? addressOf(json.conversation),
    title: cleanName(textIn(json, 'name').text, titleCharactersMax),
    html: type === 'Event' ? readEventLine(json) + html : html,
    summary: textIn(json, 'summary').text,
    abstractHtml: shortTypes.includes(type) ? '' : readAbstract(json),
    isSensitive: flagOf(json.sensitive),
    language: content.language,
    publishedAt: dateOf(json.published),
    updatedAt: dateOf(json.updated),
    url: pageUrlOf(json.url, hostOf(readOwnId(json) ?? '')),
    attachments: readAttachments(json, type, pictures),
    extras: readExtras(json, type),
    mentions: tags.filter((tag) => readTypes(tag).includes('Mention')).flatMap(mentionOf),
    hashtags: tags.filter((tag) => readTypes(tag).includes('Hashtag')).flatMap(hashtagOf),
    emojis: readEmojis(tags),
    quote: readQuote(json),
    policies: readPolicies(json),
    replyAuthorization: idOf(json.replyAuthorization) ?? idOf(json.approvedBy),
    poll: type === 'Question' ? readPoll(json) : undefined
  }
}

/** A collection that can be asked for: by its id, or whole with one. */
function addressOf(value: unknown): string | undefined {
  const id = idOf(value)
  return id !== undefined && /^https?:/.test(id) && id.length <= addressCharactersMax ? id : undefined
}

/** Answers that stand in the post itself, in a collection without an address (Pleroma): they are read there. */
function inlineRepliesOf(json: Json): string | undefined {
  const id = addressOf(json.id)
  const [replies] = listOf(json.replies).filter(isRecord)
  const isThere = (replies?.items ?? replies?.orderedItems ?? replies?.first) !== undefined
  return isThere && id !== undefined && !id.includes('#') ? `${id}#replies` : undefined
}

/** People before groups: a video is its person's, and its channel's only after. */
function readAuthors(value: unknown): string[] {
  const rank = (each: unknown) => {
    const types = isRecord(each) ? readTypes(each) : []
    return types.includes('Person') ? 0 : types.includes('Group') ? 2 : 1
  }
  return idsOf(listOf(value).sort((a, b) => rank(a) - rank(b)))
}

/** FEP-b2b8: an object made for those who show only short texts; without one, the summary. */
function readAbstract(json: Json): string {
  const preview = listOf(json.preview).find(isRecord)
  return (preview && readContent(preview).html) || textIn(json, 'summary').text
}

/** The page for people among links of many kinds: what is said to be HTML, else what is not said to be anything; of several the one on `host`. */
export function pageUrlOf(value: unknown, host?: string): string | undefined {
  const links = listOf(value).flatMap((link) => {
    const href = isRecord(link) ? urlOf(link.href ?? link.url) : urlOf(link)
    return href === undefined ? [] : { href, mime: isRecord(link) ? textOf(link.mediaType) : '' }
  })
  if (links.length <= 1) return links.find(({ mime }) => mime === 'text/html' || mime === '')?.href
  const pages = ['text/html', ''].flatMap((mime) => links.filter((link) => link.mime === mime))
  return (pages.find(({ href }) => hostOf(href) === host) ?? pages[0])?.href
}

function mentionOf(tag: Json): NormalMention[] {
  const href = urlOf(tag.href)
  return href === undefined ? [] : [{ href, name: textOf(tag.name) }]
}

function hashtagOf(tag: Json): string[] {
  const name = cleanName(textOf(tag.name).replace(/^#/, ''), tagCharactersMax)
  return /^[\p{L}\p{M}\p{N}_·・-]+$/u.test(name) ? [name] : []
}
