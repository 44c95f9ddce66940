import { cleanName } from '#server/platform/clean-text.ts'
import { readHtml } from '#server/platform/read-html.ts'

const titleCharactersMax = 200
const descriptionCharactersMax = 300
const siteNameCharactersMax = 80
const creatorCharactersMax = 200
const addressCharactersMax = 2_048
/** Tags of one page that may say something of it. */
const tagsMax = 500
/** A title is cut here while it is read: the element may hold the whole page. */
const titleReadMax = 2_000

/** What a page says of itself, cleaned and cut; empty where it says nothing. */
export interface PageText {
  title: string
  description: string
  siteName: string
  /** Address of a picture, absolute; undefined for none. */
  imageUrl: string | undefined
  /** `@name@host` of who wrote it, as it stands in `fediverse:creator`. */
  creator: string
}

/**
 * Reads Open Graph (`og:…`), `twitter:…`, `fediverse:creator`, the description and the title of a page, the first of each. The page may forbid an excerpt or a
 * picture by its robots directives (`nosnippet`, `noimageindex`, `max-image-preview:none`), in its head or in `robots`, the header. Undefined when it has
 * no title: then there is nothing to show.
 */
export async function readPage(html: string, pageUrl: string, robots = ''): Promise<PageText | undefined> {
  const said = new Map<string, string>()
  const directives = [robots]
  let seen = 0
  let title = ''
  let isInTitle = false
  let hasTitle = false
  await readHtml(
    html,
    {
      onopentag(name, { property, name: named, content }) {
        if (name === 'title') isInTitle = !hasTitle
        if (name !== 'meta' || content === undefined || ++seen > tagsMax) return
        const key = (property ?? named ?? '').trim().toLowerCase()
        if (key === 'robots') directives.push(content)
        else if (key !== '' && content.trim() !== '' && !said.has(key)) said.set(key, content)
      },
      ontext(text) {
        if (isInTitle && title.length < titleReadMax) title += text
      },
      onclosetag(name) {
        // An SVG within the page has titles too.
        if (name === 'title' && isInTitle) [isInTitle, hasTitle] = [false, true]
      }
    },
    () => seen > tagsMax
  )
  const first = (...keys: string[]) => keys.map((key) => said.get(key) ?? '').find((text) => text.trim() !== '') ?? ''
  const shownTitle = cleanLine(first('og:title', 'twitter:title') || title, titleCharactersMax)
  if (shownTitle === '') return undefined
  const rules = new Set(directives.flatMap((text) => text.toLowerCase().replace(/\s+/g, '').split(',')))
  const hasNoImage = ['none', 'noimageindex', 'max-image-preview:none'].some((rule) => rules.has(rule))
  const hasNoText = ['none', 'nosnippet', 'max-snippet:0'].some((rule) => rules.has(rule))
  return {
    title: shownTitle,
    description: hasNoText ? '' : cleanLine(first('og:description', 'twitter:description', 'description'), descriptionCharactersMax),
    siteName: cleanLine(first('og:site_name', 'application-name'), siteNameCharactersMax),
    imageUrl: hasNoImage
      ? undefined
      : absolute(first('og:image:secure_url', 'og:image', 'og:image:url', 'twitter:image', 'twitter:image:src'), pageUrl),
    creator: cleanLine(first('fediverse:creator'), creatorCharactersMax)
  }
}

/** Text of a stranger beside our own: one line that cannot turn around what stands next to it, with an ellipsis where it was cut. */
function cleanLine(text: string, charactersMax: number): string {
  const line = cleanName(text, charactersMax + 1)
  const characters = [...line]
  return characters.length > charactersMax
    ? `${characters
        .slice(0, charactersMax - 1)
        .join('')
        .trimEnd()}…`
    : line
}

function absolute(address: string, pageUrl: string): string | undefined {
  const url = address.trim() === '' ? null : URL.parse(address.trim(), pageUrl)
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return undefined
  return url.href.length > addressCharactersMax ? undefined : url.href
}
