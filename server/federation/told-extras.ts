import type { NormalObject } from '#server/federation/normal-form/types.ts'
import { hostOf } from '#server/platform/host-names.ts'
import { escapeHtml } from '#server/posts/render-text.ts'

/**
 * What is attached to a post and no picture, as HTML below its text (the sanitiser sees it with the rest): sound, film and links as a list of links, lines
 * of a name and a value as they are. A link that the text has already is left out.
 */
export function extrasHtml({ extras, html, url, id }: NormalObject): string {
  const said = addressesIn(html)
  const lines = extras.flatMap((extra) => {
    if (extra.url === undefined) return `<li><strong>${escapeHtml(extra.name)}</strong>: ${extra.valueHtml}</li>`
    const address = escapeHtml(extra.url)
    // A page of another server is no page of this post, and so a link like any other.
    const isOwnPage = extra.url === id || (extra.url === url && hostOf(url) === hostOf(id ?? ''))
    if (isOwnPage || said.has(address) || said.has(extra.url)) return []
    return `<li><a href="${address}">${escapeHtml(extra.name || fileNameOf(extra.url))}</a></li>`
  })
  return lines.length === 0 ? '' : `<ul>${lines.join('')}</ul>`
}

/** Every address that stands in a text, as a link or as words. Found in one pass: to look for each of many long ones anew would cost a hundred times as much. */
function addressesIn(html: string): Set<string> {
  const found = html.match(/https?:\/\/[^\s"'<>]+/g) ?? []
  return new Set(found.flatMap((address) => [address, address.replace(/[.,;:!?)]$/, '')]))
}

function fileNameOf(url: string): string {
  const { host = '', pathname = '' } = URL.parse(url) ?? {}
  const last = pathname.split('/').findLast((part) => part !== '')
  return last === undefined ? host : `${host}/…/${last}`
}
