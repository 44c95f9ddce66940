import { decodeEntities } from '#server/posts/html-to-text.ts'

const linksMax = 4
const addressCharactersMax = 500
/** What is put behind addresses to follow those who read them; the page is the same without. */
const tracking = /^(?:utm_\w+|fbclid|gclid|igshid|mc_[ce]id|ref_src)$/i

/**
 * Addresses that a text in sanitised HTML links to, each once and four at most: without fragment and tracking, so that one page has one address. Mentions
 * and hashtags are no links in this sense. Pure.
 */
export function linksOf(html: string): string[] {
  const found = new Set<string>()
  for (const [tag] of html.matchAll(/<a [^>]*>/g)) {
    if (/ class="[^"]*\b(?:mention|hashtag)\b|rel="[^"]*\btag\b/.test(tag)) continue
    const address = addressOf(decodeEntities(/ href="([^"]*)"/.exec(tag)?.[1] ?? ''))
    if (address !== undefined) found.add(address)
    if (found.size === linksMax) break
  }
  return [...found]
}

function addressOf(href: string): string | undefined {
  const url = URL.parse(href)
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) return undefined
  url.hash = ''
  for (const name of [...url.searchParams.keys()]) if (tracking.test(name)) url.searchParams.delete(name)
  return url.href.length > addressCharactersMax ? undefined : url.href
}
