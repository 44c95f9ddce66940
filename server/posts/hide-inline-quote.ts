import { htmlToText } from '#server/posts/html-to-text.ts'
import { escapeHtml } from '#server/posts/render-text.ts'

/** A post says once what it quotes; of more spans that say so the others stay. */
const spansMax = 4
/** A line that says nothing but "RE:" and an address is short; longer paragraphs are not looked at. */
const lineCharactersMax = 6_000

const words = /^(re|qt|rt|rn|quote|引用)?\s*[:：]?$/iu
const link = /^<a [^>]*href="([^"]*)"[^>]*>((?:[^<]|<\/?span[^>]*>)*)<\/a>(?:\s*\[[^\]<]{1,300}\])?\s*/u
const wordAtEnd = /(?:RE|QT|RN)\s?:\s?(<\/span>)?\s?$/u
const blanks = ['<br />', '<span>', ' ', '\n']

/**
 * The HTML of a quoting post without the line that repeats what it quotes, which others need who show no quotes: `.quote-inline`, a paragraph of
 * nothing but "RE:" and the address, or the same at the end of the last one. Only where it leads to the quoted post. The HTML is the sanitiser's. Takes
 * time in proportion to its length. Pure.
 */
export function hideInlineQuote(html: string, quotedUrls: readonly string[]): string {
  const hrefs = new Set(quotedUrls.map(escapeHtml))
  const paragraphs = dropSpans(html).split(/(?<=<\/p>)/u)
  const left = paragraphs.filter((paragraph) => !isFallback(paragraph, hrefs)).join('')
  return dropTail(left, hrefs).replaceAll('<p></p>', '')
}

function isFallback(paragraph: string, hrefs: ReadonlySet<string>): boolean {
  const at = paragraph.indexOf('<a ')
  if (!paragraph.startsWith('<p>') || at < 0 || paragraph.length > lineCharactersMax) return false
  const found = link.exec(paragraph.slice(at))
  if (!found || !hrefs.has(found[1] ?? '')) return false
  const before = htmlToText(paragraph.slice(0, at)).trim()
  const after = htmlToText(paragraph.slice(at + found[0].length)).trim()
  return before !== '' && words.test(before) && after === ''
}

/** "RE:" and the address, where nothing follows, with the empty lines before it. */
function dropTail(html: string, hrefs: ReadonlySet<string>): string {
  const at = html.lastIndexOf('<a ')
  const found = at < 0 ? null : link.exec(html.slice(at, at + lineCharactersMax))
  if (!found || !hrefs.has(found[1] ?? '')) return html
  const ends = html.slice(at + found[0].length)
  if (ends.length > lineCharactersMax || ends.replaceAll(/<\/(?:span|p)>/gu, '') !== '') return html
  const word = wordAtEnd.exec(html.slice(Math.max(0, at - 40), at))
  if (!word) return html
  let end = at - word[0].length
  let openSpans = word[1] === undefined ? 0 : 1
  for (let blank = blankBefore(html, end); blank !== undefined; blank = blankBefore(html, end)) {
    end -= blank.length
    if (blank === '<span>') openSpans -= 1
  }
  return html.slice(0, end) + '</span>'.repeat(Math.max(0, openSpans)) + ends.slice('</span>'.length * Math.max(0, -openSpans))
}

/** What is nothing to see, right before a place. */
function blankBefore(html: string, end: number): string | undefined {
  return blanks.find((blank) => html.startsWith(blank, end - blank.length) && end >= blank.length)
}

/** Spans that say what they are, with whatever stands in them. */
function dropSpans(html: string): string {
  const start = '<span class="quote-inline">'
  let left = html
  for (let count = 0; count < spansMax; count += 1) {
    const at = left.indexOf(start)
    if (at < 0) break
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
