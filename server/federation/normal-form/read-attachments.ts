import { cleanName, cleanText } from '#server/platform/clean-text.ts'
import { isRecord, type Json, listOf, numberOf, textOf, urlOf } from '#server/federation/normal-form/values.ts'
import { pictureKey } from '#server/federation/normal-form/take-pictures.ts'
import type { NormalAttachment, NormalExtra } from '#server/federation/normal-form/types.ts'

const attachmentsMax = 32
const altCharactersMax = 5_000
const pixelsOnSideMax = 100_000
const extrasMax = 16
const extraNameCharactersMax = 200
const extraValueCharactersMax = 2_000
const mediaTypes = ['Document', 'Image', 'Video', 'Audio']
const mimeOfType: Record<string, string> = { Image: 'image/*', Video: 'video/*', Audio: 'audio/*' }

/**
 * What is attached to a post (by its address alone when that is a picture's), its own file when the post is one (Image, Video, Audio), the pictures that stood
 * in its text, and the picture that stands for an Article, Page, Video or Event; each once, in whatever size.
 */
export function readAttachments(json: Json, type: string, inText: readonly Json[] = []): NormalAttachment[] {
  const attached = listOf(json.attachment)
    .filter(isRecord)
    .filter((each) => mediaTypes.includes(String(listOf(each.type)[0])) || isPictureLink(each))
  const own = type === 'Image' ? [json] : []
  const bare = listOf(json.attachment).filter((each) => typeof each === 'string' && /\.(?:avif|gif|jpe?g|png|webp)$/i.test(each))
  const standsFor = type === 'Note' || type === 'Question' ? [] : widestOf([...listOf(json.image), ...listOf(json.icon)].map(pictureOf))
  const found = new Map<string, NormalAttachment>()
  for (const each of [...own, ...attached, ...bare.map(pictureOf), ...standsFor]) {
    const attachment = readAttachment(each)
    if (attachment && !found.has(attachment.url)) found.set(attachment.url, attachment)
  }
  if (inText.length > 0) addShown(found, inText)
  return [...found.values()].slice(0, attachmentsMax)
}

/** One picture, the widest where they say how wide they are (PeerTube gives two sizes), else the first. */
function widestOf(pictures: readonly Json[]): Json[] {
  return pictures.toSorted((a, b) => (numberOf(b.width) ?? 0) - (numberOf(a.width) ?? 0)).slice(0, 1)
}

/** Adds the pictures of a text that are not attached as well. */
function addShown(found: Map<string, NormalAttachment>, inText: readonly Json[]): void {
  const keys = new Set([...found.keys()].map(pictureKey))
  for (const each of inText) {
    const attachment = readAttachment(each)
    const key = attachment && pictureKey(attachment.url)
    if (attachment === undefined || key === undefined || keys.has(key)) continue
    keys.add(key)
    found.set(attachment.url, attachment)
  }
}

/** What is attached and no picture: sound and film, links, and lines of a name and a value; of an Audio or Video that has no page, its own file. */
export function readExtras(json: Json, type: string): NormalExtra[] {
  const found = new Map<string, NormalExtra>()
  const hasPage = listOf(json.url).some((link) => !isRecord(link) || /^text\/html/i.test(textOf(link.mediaType)))
  const own = (type === 'Audio' || type === 'Video') && !hasPage ? [{ ...json, type }] : []
  for (const each of [...own, ...listOf(json.attachment).filter(isRecord)]) {
    const extra = readExtra(each)
    if (extra && found.size < extrasMax) found.set(`${extra.url} ${extra.name}`, extra)
  }
  return [...found.values()]
}

function readExtra(json: Json): NormalExtra | undefined {
  const type = String(listOf(json.type)[0])
  const name = cleanName(textOf(json.name), extraNameCharactersMax)
  if (type === 'PropertyValue') {
    const valueHtml = cleanText(textOf(json.value), extraValueCharactersMax)
    return name === '' || valueHtml === '' ? undefined : { name, url: undefined, valueHtml }
  }
  if (isPictureLink(json) || (type !== 'Link' && !mediaTypes.includes(type))) return undefined
  const { url, mime } = type === 'Link' ? { url: urlOf(json.href ?? json.url), mime: textOf(json.mediaType) } : linkOf(json)
  const kind = (mime || textOf(json.mediaType) || mimeOfType[type] || '').toLowerCase()
  const isPicture = type !== 'Link' && (kind === '' || kind.startsWith('image/') || kind === 'application/octet-stream')
  return url === undefined || isPicture ? undefined : { name, url, valueHtml: '' }
}

/** A Link to a picture shows the picture. */
function isPictureLink(json: Json): boolean {
  return listOf(json.type)[0] === 'Link' && /^image\//i.test(textOf(json.mediaType))
}

function pictureOf(value: unknown): Json {
  return isRecord(value) ? { type: 'Image', ...value } : { type: 'Image', url: value }
}

function readAttachment(json: Json): NormalAttachment | undefined {
  const link = linkOf(json)
  if (link.url === undefined) return undefined
  const [focusX, focusY] = listOf(json.focalPoint).map((each) => clampFocus(numberOf(each)))
  return {
    url: link.url,
    mime: (link.mime || textOf(json.mediaType) || mimeOfType[String(listOf(json.type)[0])] || '').toLowerCase(),
    alt: cleanText(textOf(json.summary) || textOf(json.name), altCharactersMax),
    width: sizeOf(json.width) ?? sizeOf(link.width),
    height: sizeOf(json.height) ?? sizeOf(link.height),
    focusX: focusX ?? 0,
    focusY: focusY ?? 0
  }
}

/** The file's address: a string, a Link, or the first Link of a list that is no page. */
function linkOf(json: Json): { url: string | undefined; mime: string; width?: unknown; height?: unknown } {
  const links = listOf(json.url ?? json.href).map((link) =>
    isRecord(link)
      ? { url: urlOf(link.href ?? link.url), mime: textOf(link.mediaType), width: link.width, height: link.height }
      : { url: urlOf(link), mime: '' }
  )
  return links.find((link) => link.url !== undefined && link.mime !== 'text/html') ?? { url: undefined, mime: '' }
}

function sizeOf(value: unknown): number | undefined {
  const size = numberOf(value)
  return size !== undefined && size >= 1 && size <= pixelsOnSideMax ? Math.round(size) : undefined
}

function clampFocus(value: number | undefined): number {
  return Math.min(1, Math.max(-1, value ?? 0))
}
