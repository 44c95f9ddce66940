import { decodeEntities } from '#server/posts/html-to-text.ts'
import type { Json } from '#server/federation/normal-form/values.ts'

/** Pictures taken of one text, and tags looked at for them; what comes after stays in the text. */
const picturesMax = 16
const tagsMax = 64
const tagCharactersMax = 8_192
/** Smaller ones are emoji, bullets and counters of visits. */
const pixelsOnSideMin = 33

/** Sticky: one attribute, its value in either quotes, bare, or absent. */
const attribute = /\s+([a-z][a-z-]{0,30})(?:\s*=\s*(?:"([^"]{0,4000})"|'([^']{0,4000})'|([^\s"'=<>`]{1,4000})))?/iy
const tagEnd = /\s*\/?>/y
/** What a picture leaves behind that held nothing else. */
const empty = /<(p|figure|a|div|span)\b[^<>]*>\s*<\/\1>/gi
/** The same picture in another size: WordPress and Ghost attach one and show another. */
const sizes = /-\d{2,5}x\d{2,5}(?=\.\w+$)|-scaled(?=\.\w+$)|\/size\/w\d{2,5}(?=\/)/g

/**
 * The pictures that stand in a text, for those who show pictures below it (blogs and forums attach some of them or none), and the text without them. A
 * picture that is not written plainly, or has no address of its own, stays. Pure; the time it takes grows with the length of the text alone.
 */
export function takePictures(html: string): { html: string; pictures: Json[] } {
  if (!/<img\s/i.test(html)) return { html, pictures: [] }
  const pictures: Json[] = []
  const kept: string[] = []
  let from = 0
  const opening = /<img(?=\s)/gi
  for (let tags = 0; tags < tagsMax && pictures.length < picturesMax; tags += 1) {
    const found = opening.exec(html)
    if (found === null) break
    const tag = readTag(html, opening.lastIndex)
    const picture = tag && toPicture(tag.attributes)
    if (tag === undefined || picture === undefined) continue
    pictures.push(picture)
    kept.push(html.slice(from, found.index))
    from = opening.lastIndex = tag.end
  }
  if (pictures.length === 0) return { html, pictures }
  const text = kept.join('') + html.slice(from)
  return { html: text.replace(empty, '').replace(empty, '').replace(empty, ''), pictures }
}

/** What makes two addresses one picture: what stands behind the name of a file is its size, too. */
export function pictureKey(address: string): string {
  const { host = '', pathname = address, search = '' } = URL.parse(address) ?? {}
  return `${host}${pathname.replace(sizes, '')}${/\.\w{3,4}$/.test(pathname) ? '' : search}`
}

function readTag(html: string, from: number): { attributes: Map<string, string>; end: number } | undefined {
  const attributes = new Map<string, string>()
  let at = from
  while (at - from < tagCharactersMax) {
    tagEnd.lastIndex = at
    if (tagEnd.test(html)) return { attributes, end: tagEnd.lastIndex }
    attribute.lastIndex = at
    const [, name = '', double, single, bare] = attribute.exec(html) ?? []
    if (name === '') return undefined
    if (!attributes.has(name.toLowerCase())) attributes.set(name.toLowerCase(), decodeEntities(double ?? single ?? bare ?? ''))
    at = attribute.lastIndex
  }
  return undefined
}

function toPicture(attributes: ReadonlyMap<string, string>): Json | undefined {
  const address = attributes.get('src') ?? ''
  const [width, height] = ['width', 'height'].map((side) => Number.parseInt(attributes.get(side) ?? '', 10))
  const isSmall = [width, height].some((side) => side !== undefined && side < pixelsOnSideMin)
  if (!/^https?:\/\//i.test(address) || isSmall || /emoji|smiley/i.test(attributes.get('class') ?? '')) return undefined
  return { type: 'Image', url: address, name: attributes.get('alt') || attributes.get('title') || '' }
}
