import { hostOf, isWithinDomain, normalizeHost, siteOf } from '#server/platform/host-names.ts'
import { decodeEntities } from '#server/posts/html-to-text.ts'
import { escapeHtml } from '#server/posts/render-text.ts'

/** How much of a link's text is compared with its host, in characters; a longer one is marked in any case. */
const comparedCharactersMax = 1_000
/** What a reader takes for a host name: labels joined by dots (also the dots that only look like one), perhaps with a port. */
const hostLike =
  /(?<![\p{L}\p{N}\p{M}_-])(?:[\p{L}\p{N}\p{M}_-]{1,63}[.\u3002\uff0e\uff61\u2024]){1,32}[\p{L}\p{N}\p{M}-]{2,63}(?::\d{1,5})?/gu
const fediverseHandle = /^@[\w.-]+@(\S+)$/u
/** `@name` and `#tag` promise a person and a topic, not a host. */
const nameOrTag = /^[@#][\p{L}\p{N}\p{M}_.-]+$/u
/** Elements whose text is drawn smaller; one in another in another is too small to be seen. */
const smaller = /^<\/?(?:small|sub|sup|rt)>$/

/** Letters that are drawn like those of ASCII, or nearly: those of kindred alphabets, and Latin ones that are none of ASCII's with a mark on it. */
const lookalike =
  /[\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Lisu}]|(?![A-Za-z])\p{Script=Latin}/u

interface OpenLink {
  host: string
  shown: string
  /** Spans open within the link that are not shown, counted from the outermost. */
  hiddenDepth: number
}

/**
 * A pass over HTML that the sanitiser wrote (so every `<` starts a tag): a link whose visible text names another host than it leads to, or
 * none, gets its host in brackets. Links within links lose their inner tags; nothing outside a link may be invisible, nor any part of a link smaller than
 * the rest or anything smaller twice; headings become strong paragraphs, since the page has its own outline.
 */
export function markLinks(html: string): string {
  let out = ''
  let link: OpenLink | undefined
  let innerLinks = 0
  /** Whether each of the smaller elements that are open kept its tag. */
  const smallOnes: boolean[] = []
  for (const token of html.match(/<[^>]*>|[^<]+/g) ?? []) {
    if (!token.startsWith('<')) {
      if (link && link.hiddenDepth === 0) link.shown += token
      out += token
    } else if (token.startsWith('<a ')) {
      if (link) innerLinks++
      else {
        link = { host: hostOf(decodeEntities(/ href="([^"]*)"/.exec(token)?.[1] ?? '')) ?? '', shown: '', hiddenDepth: 0 }
        out += token
      }
    } else if (token === '</a>') {
      if (innerLinks > 0) innerLinks--
      else {
        if (link && !isHonest(link)) out += ` (${escapeHtml(link.host)})`
        link = undefined
        out += token
      }
    } else if (smaller.test(token)) {
      const isKept = token.startsWith('</') ? smallOnes.pop() : link === undefined && smallOnes.length === 0
      if (!token.startsWith('</')) smallOnes.push(isKept === true)
      if (isKept) out += token
    } else out += spanOrOther(token, link)
  }
  return out
}

function spanOrOther(token: string, link: OpenLink | undefined): string {
  if (token.startsWith('<span')) {
    const isInvisible = / class="[^"]*\binvisible\b/.test(token)
    if (!link) return isInvisible ? '<span>' : token
    if (link.hiddenDepth > 0 || isInvisible) link.hiddenDepth++
    return token
  }
  if (token === '</span>' && link && link.hiddenDepth > 0) link.hiddenDepth--
  if (/^<h[1-6]>$/.test(token)) return '<p><strong>'
  if (/^<\/h[1-6]>$/.test(token)) return '</strong></p>'
  return token
}

function isHonest({ host, shown }: OpenLink): boolean {
  const text = decodeEntities(shown).trim()
  if (text.length > comparedCharactersMax) return false
  const handleHost = fediverseHandle.exec(text)?.[1]
  if (handleHost !== undefined) return isSameSite(handleHost, host)
  if (nameOrTag.test(text)) return true
  const named = text.match(hostLike) ?? []
  const start = text.replace(/^[a-z]+:\/\//i, '')
  // A path may look like a host (`/index.html`), so only what stands where a host stands must be the link's own.
  const first = named[0]
  if (first === undefined || !start.startsWith(first)) return named.length > 0 && named.every((name) => isSameSite(name, host))
  return isSameSite(first, host) && named.slice(1).every((name) => isSameSite(name, host) || isInPath(start, name))
}

function isInPath(text: string, name: string): boolean {
  const pathAt = text.search(/[/?#]/)
  return pathAt >= 0 && text.indexOf(name) > pathAt && !/\s/.test(text)
}

/** Equal hosts, or one below the other with the same owner, as `www.b.example` and `b.example`; whoever has a page at `pages.example` is not all who have one. */
function isSameSite(shown: string, host: string): boolean {
  const name = normalizeHost(shown.replace(/[.:]+$/, ''))
  if (name === undefined || host === '' || mayPassForAnother(shown, host)) return false
  return name === host || ((isWithinDomain(host, name) || isWithinDomain(name, host)) && siteOf(host) === siteOf(name))
}

/** Whether a name may be taken for another in ASCII, below an ending in ASCII: `раypal.example` with two letters of another alphabet. Full-width forms are one with ASCII. */
function mayPassForAnother(shown: string, host: string): boolean {
  if (!host.includes('xn--') || /(?:^|\.)xn--[a-z0-9-]+(?::\d+)?$/.test(host)) return false
  return lookalike.test(shown.normalize('NFKD').replace(/\p{M}/gu, ''))
}
