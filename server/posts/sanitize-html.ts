import sanitize from 'sanitize-html'
import { cleanText, withoutDirectionControls } from '#server/platform/clean-text.ts'
import { markLinks } from '#server/posts/mark-links.ts'
import { type PlainRules, sanitizePlainHtml } from '#server/posts/sanitize-plain-html.ts'

/** Longest HTML we look at, in characters; what lies beyond is cut off before it is parsed. */
const htmlCharactersMax = 200_000
/** Tags in one text; what follows the last is cut off, since parsing costs more than their number. */
const tagsMax = 10_000
/** Elements within elements; deeper ones lose their tags and keep their text. */
const nestingMax = 24
const altCharactersMax = 100

const classes = ['mention', 'hashtag', 'ellipsis', 'invisible', 'u-url', 'h-card', 'quote-inline']

/** Elements that stand on lines of their own: without any element their texts would run into one another. */
const blocks = [
  ...['figure', 'figcaption', 'section', 'article', 'header', 'footer', 'main', 'aside', 'nav', 'address', 'center', 'details', 'summary'],
  ...['dl', 'dt', 'dd', 'table', 'caption', 'tr', 'hgroup']
]
const endOfCell = /<\/t[dh]\s*>/gi

const options: sanitize.IOptions = {
  allowedTags: [
    ...['p', 'br', 'div', 'span', 'a', 'blockquote', 'pre', 'code', 'ul', 'ol', 'li', 'hr', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6'],
    ...[
      'em',
      'strong',
      'b',
      'i',
      'u',
      's',
      'del',
      'ins',
      'sub',
      'sup',
      'small',
      'q',
      'cite',
      'kbd',
      'samp',
      'var',
      'mark',
      'ruby',
      'rb',
      'rt'
    ]
  ],
  allowedAttributes: { a: ['href', 'rel'] },
  allowedClasses: { a: classes, span: classes },
  allowedSchemes: ['http', 'https'],
  allowProtocolRelative: false,
  // Their text is not prose: without the element it would stand there as code, data or a form's options. That of `rp` no browser shows.
  nonTextTags: [
    'rp',
    ...['script', 'style', 'textarea', 'option', 'xmp', 'noscript', 'noembed', 'noframes', 'plaintext', 'title', 'template'],
    ...['svg', 'math', 'iframe', 'object', 'select', 'audio', 'video', 'canvas']
  ],
  nestingLimit: nestingMax,
  transformTags: { a: toSafeLink, img: toAltText, strike: 'del', ...Object.fromEntries(blocks.map((name) => [name, 'div'])) }
}

const plainRules: PlainRules = {
  classes,
  toSafeLink: (name, attributes) => {
    const { tagName, attribs } = toSafeLink(name, attributes)
    return { tagName, attribs: attribs as Record<string, string> }
  }
}

/**
 * HTML of a stranger as we keep and show it: a closed list of elements, no style, no id, the few classes the fediverse agrees on, links to http and
 * https only with rel="nofollow noopener ugc". Pictures leave their alternative text. A link whose visible text does not show
 * where it leads is followed by its host in brackets. Input beyond 200,000 characters
 * or 10,000 tags is cut off.
 */
export function sanitizeHtml(html: string): string {
  const bounded = withoutDirectionControls(cutTags(cleanText(html, htmlCharactersMax)))
  return markLinks(sanitizePlain(bounded) ?? sanitizeAny(bounded)).trim()
}

/** Any HTML through the library; exported so that a test can hold the quick way against it. */
export function sanitizeAny(bounded: string): string {
  // Cells of a row are told apart by a space, since tables are not shown.
  return sanitize(bounded.replace(endOfCell, ' $&'), options)
}

/** The quick way with our rules; undefined where it does not apply. Exported for the same test. */
export function sanitizePlain(bounded: string): string | undefined {
  return sanitizePlainHtml(bounded, plainRules)
}

function cutTags(html: string): string {
  let tags = 0
  for (let at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at + 1)) {
    if (++tags > tagsMax) return html.slice(0, at)
  }
  return html
}

function toSafeLink(_name: string, attributes: sanitize.Attributes): sanitize.Tag {
  const url = URL.parse(attributes.href ?? '')
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return { tagName: 'span', attribs: {} }
  // A user name before the host is only ever there to look like another host.
  if (url.username !== '') url.username = ''
  if (url.password !== '') url.password = ''
  const isTag = /(^|\s)tag(\s|$)/.test(attributes.rel ?? '')
  const attribs: sanitize.Attributes = { href: url.href, rel: `${isTag ? 'tag ' : ''}nofollow noopener ugc` }
  if (attributes.class) attribs.class = attributes.class
  return { tagName: 'a', attribs }
}

function toAltText(_name: string, attributes: sanitize.Attributes): sanitize.Tag {
  return { tagName: 'span', attribs: {}, text: cleanText(attributes.alt ?? '', altCharactersMax) }
}
