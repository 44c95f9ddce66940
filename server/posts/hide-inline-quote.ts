import { htmlToText } from '#server/posts/html-to-text.ts'
import { escapeHtml } from '#server/posts/render-text.ts'

/** What stands before the address of a quoted post, where a post says it in its text too. */
const words = /^(re|qt|rt|rn|quote|引用)?\s*[:：]?$/iu
const tail =
  /(?:<br \/>|\s)*(?:<span>)?(?:<br \/>|\s)*(?:RE|QT|RN)\s*:\s*(?:<\/span>)?\s*<a [^>]*href="([^"]*)"[^>]*>(?:(?!<\/a>)[^])*<\/a>(?:\s*\[[^\]<]{1,300}\])?\s*(?=(?:<\/span>|<\/p>)*$)/u

/**
 * The HTML of a quoting post without the line that repeats what it quotes, which others need who show no quotes: `.quote-inline`, a paragraph of
 * nothing but "RE:" and the address, or the same at the end of the last one. Only where it leads to the quoted post. The HTML is the sanitiser's. Pure.
 */
export function hideInlineQuote(html: string, quotedUrls: readonly string[]): string {
  const hrefs = new Set(quotedUrls.map(escapeHtml))
  const withoutSpans = dropSpans(html)
  const withoutParagraphs = withoutSpans.replace(/<p>(?:(?!<\/p>)[^])*<\/p>/gu, (paragraph) =>
    isFallback(paragraph, hrefs) ? '' : paragraph
  )
  return withoutParagraphs.replace(tail, (whole, href: string) => (hrefs.has(href) ? openEnd(whole) : whole)).replaceAll('<p></p>', '')
}

/** A span that began before what is cut away still has to end. */
function openEnd(cut: string): string {
  return cut.includes('</span>') && !cut.startsWith('<span>') && !/(?:<br \/>|\s)<span>/u.test(cut) ? '</span>' : ''
}

function isFallback(paragraph: string, hrefs: ReadonlySet<string>): boolean {
  const links = [...paragraph.matchAll(/<a [^>]*href="([^"]*)"[^>]*>(?:(?!<\/a>)[^])*<\/a>(?:\s*\[[^\]<]{1,300}\])?/gu)]
  const [link] = links
  if (links.length !== 1 || !link || !hrefs.has(link[1] ?? '')) return false
  const before = htmlToText(paragraph.slice(0, link.index)).trim()
  const after = htmlToText(paragraph.slice(link.index + link[0].length)).trim()
  return before !== '' && words.test(before) && after === ''
}

/** Spans that say what they are, with whatever stands in them. */
function dropSpans(html: string): string {
  const start = '<span class="quote-inline">'
  let left = html
  for (let at = left.indexOf(start); at >= 0; at = left.indexOf(start)) {
    let depth = 0
    let end = at
    for (const tag of left.slice(at).matchAll(/<(\/?)span\b[^>]*>/gu)) {
      depth += tag[1] === '' ? 1 : -1
      end = at + tag.index + tag[0].length
      if (depth === 0) break
    }
    left = left.slice(0, at) + left.slice(end)
  }
  return left
}
