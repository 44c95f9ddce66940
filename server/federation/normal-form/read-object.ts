import { cleanName } from '#server/platform/clean-text.ts'
import { idsOrPublic, readOwnId, readTypes } from '#server/federation/normal-form/read-activity.ts'
import { readAttachments } from '#server/federation/normal-form/read-attachments.ts'
import { dateOf, flagOf, idOf, idsOf, isRecord, type Json, listOf, textOf, urlOf } from '#server/federation/normal-form/values.ts'
import { type NormalMention, NormalFormFault, type NormalObject } from '#server/federation/normal-form/types.ts'
import { escapeHtml } from '#server/posts/render-text.ts'

const titleCharactersMax = 500
const tagCharactersMax = 100
const optionCharactersMax = 500

/** What is shown as a post. */
export const postTypes = ['Note', 'Question', 'Article', 'Page', 'Video', 'Audio', 'Image', 'Event']

/** Reads compact AS2 as something that could be a post; its type may be any. Throws NormalFormFault when it has no type or an odd id. */
export function readObject(json: Json): NormalObject {
  const types = readTypes(json)
  const type = types.find((each) => postTypes.includes(each)) ?? types[0]
  if (type === undefined) throw new NormalFormFault('An object needs a type.')
  const { html, language } = readContent(json)
  const tags = listOf(json.tag).filter(isRecord)
  return {
    id: readOwnId(json),
    type,
    attributedTo: idsOf(json.attributedTo),
    to: idsOrPublic(json.to),
    cc: [...new Set([json.cc, json.bto, json.bcc, json.audience].flatMap(idsOrPublic))],
    audience: idsOrPublic(json.audience),
    inReplyTo: idOf(json.inReplyTo),
    title: cleanName(textIn(json, 'name').text, titleCharactersMax),
    html,
    summary: textIn(json, 'summary').text,
    isSensitive: flagOf(json.sensitive),
    language,
    publishedAt: dateOf(json.published),
    updatedAt: dateOf(json.updated),
    url: pageUrlOf(json.url),
    attachments: readAttachments(json, type),
    mentions: tags.filter((tag) => readTypes(tag).includes('Mention')).flatMap(mentionOf),
    hashtags: tags.filter((tag) => readTypes(tag).includes('Hashtag')).flatMap(hashtagOf),
    options: [...listOf(json.oneOf), ...listOf(json.anyOf)]
      .filter(isRecord)
      .flatMap((option) => cleanName(textOf(option.name), optionCharactersMax) || [])
  }
}

function readContent(json: Json): { html: string; language: string | undefined } {
  const { text, language } = textIn(json, 'content')
  const isPlain = ['text/plain', 'text/markdown'].includes(String(json.mediaType ?? '').toLowerCase())
  return { html: isPlain ? toParagraphs(text) : text, language: language ?? languageOf(json) }
}

/** A text that may come alone, or once a language in a map; the map says which language the single text is in. */
function textIn(json: Json, field: 'content' | 'name' | 'summary'): { text: string; language: string | undefined } {
  const map = json[`${field}Map`]
  const entries = isRecord(map) ? Object.entries(map).map(([tag, value]) => [tag, textOf(value)] as const) : []
  const text = textOf(json[field]) || (entries[0]?.[1] ?? '')
  return { text, language: canonicalLanguage(entries.find(([, value]) => value === text)?.[0]) }
}

/** Forum software says it in an object of its own, others in the context. */
function languageOf(json: Json): string | undefined {
  const said = isRecord(json.language) ? json.language.identifier : undefined
  const inContext = listOf(json['@context'])
    .filter(isRecord)
    .map((context) => context['@language'])
    .findLast((tag) => typeof tag === 'string')
  return canonicalLanguage(said ?? inContext)
}

function canonicalLanguage(tag: unknown): string | undefined {
  if (typeof tag !== 'string' || !/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(tag) || tag === 'und') return undefined
  try {
    return Intl.getCanonicalLocales(tag)[0]
  } catch {
    return undefined
  }
}

/** The page for people among links of many kinds: what is said to be HTML, else what is not said to be anything. */
export function pageUrlOf(value: unknown): string | undefined {
  const links = listOf(value).map((link) =>
    isRecord(link) ? { href: urlOf(link.href ?? link.url), mime: textOf(link.mediaType) } : { href: urlOf(link), mime: '' }
  )
  return (links.find((link) => link.href && link.mime === 'text/html') ?? links.find((link) => link.href && link.mime === ''))?.href
}

function mentionOf(tag: Json): NormalMention[] {
  const href = urlOf(tag.href)
  return href === undefined ? [] : [{ href, name: textOf(tag.name) }]
}

function hashtagOf(tag: Json): string[] {
  const name = cleanName(textOf(tag.name).replace(/^#/, ''), tagCharactersMax)
  return /^[\p{L}\p{M}\p{N}_·・-]+$/u.test(name) ? [name] : []
}

function toParagraphs(text: string): string {
  const paragraphs = escapeHtml(text)
    .split(/\n{2,}/)
    .filter((paragraph) => paragraph.trim() !== '')
  return paragraphs.map((paragraph) => `<p>${paragraph.trim().replaceAll('\n', '<br>')}</p>`).join('')
}
