import { handleOf } from '#server/accounts/handle-of.ts'
import { isHidden } from '#server/accounts/shown-account.ts'
import type { Account } from '#server/accounts/who.ts'
import { tagKey } from '#server/posts/find-mentions.ts'
import { decodeEntities } from '#server/posts/html-to-text.ts'
import { escapeHtml } from '#server/posts/render-text.ts'

const link = /<a ([^>]*)>(.*?)<\/a>/gs
const address = /(^| )href="([^"]*)"/
/** Links say so of themselves by their class, or, to hashtags, by their relation. */
const nameOrTag = /(?:^| )(?:class="(?:[^"]* )?mention[" ]|rel="(?:[^"]* )?tag[" ])/

interface Named {
  /** Whom the post mentions. */
  mentions: readonly Account[]
  /** Keys as of tagKey. */
  tags: readonly string[]
}

/**
 * HTML that our sanitiser or renderer wrote, with its mentions and hashtags leading to the pages of this instance: whoever reads here can follow, mute and
 * look further there, and stays signed in. Only what the post itself says to be one is changed; other links lead where they say.
 */
export function ownLinks(html: string, { mentions, tags }: Named): string {
  if (!html.includes('<a ') || (mentions.length === 0 && tags.length === 0)) return html
  return html.replace(link, (whole, attributes: string, inner: string) => {
    const path = nameOrTag.test(attributes) ? pathOf(attributes, inner, { mentions, tags }) : undefined
    return path === undefined ? whole : `<a ${attributes.replace(address, `$1href="${escapeHtml(path)}"`)}>${inner}</a>`
  })
}

function pathOf(attributes: string, inner: string, { mentions, tags }: Named): string | undefined {
  const text = decodeEntities(inner.replace(/<[^>]*>/g, ''))
  if (text.startsWith('#')) return tags.includes(tagKey(text.slice(1))) ? `/tags/${encodeURIComponent(text.slice(1))}` : undefined
  const target = decodeEntities(address.exec(attributes)?.[2] ?? '')
  const account = mentions.find((each) => each.domain !== null && !isHidden(each) && (target === each.url || target === each.uri))
  return account && `/${handleOf(account)}`
}
