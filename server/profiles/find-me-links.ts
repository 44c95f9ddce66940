import { readHtml } from '#server/platform/read-html.ts'

/** Links looked at on one page. */
const linksMax = 1_000

/** Where a page links to with `rel="me"`, by `a` or `link`, as absolute addresses without fragment (HTML, section 4.6.2; microformats' rel-me). */
export async function findMeLinks(html: string, pageUrl: string): Promise<Set<string>> {
  const found = new Set<string>()
  let seen = 0
  await readHtml(html, {
    onopentag(name, { rel = '', href }) {
      if ((name !== 'a' && name !== 'link') || href === undefined || ++seen > linksMax) return
      if (!rel.toLowerCase().split(/\s+/).includes('me')) return
      const url = URL.parse(href.trim(), pageUrl)
      if (url) found.add(plainUrl(url))
    }
  })
  return found
}

/** An address as two spellings of it are compared: without fragment and without a slash at the end. */
export function plainUrl(url: URL): string {
  const plain = new URL(url)
  plain.hash = ''
  return plain.href.replace(/\/$/, '')
}
