import { hostOf } from '#server/platform/host-names.ts'
import { linksOf } from '#server/trends/links-of.ts'

interface Own {
  host: string
}

/** A link that a preview may stand for. */
export interface PreviewLink {
  /** As previews know it: without fragment and tracking. */
  url: string
  host: string
}

/** The first link of a post that leads to another site, by its HTML as it is shown: no mention, no hashtag, no page of ours. Pure. */
export function previewLinkOf(html: string, own: Own): PreviewLink | undefined {
  if (!html.includes('<a ')) return undefined
  for (const url of linksOf(html)) {
    const host = hostOf(url)
    if (host !== undefined && host !== own.host) return { url, host }
  }
  return undefined
}
