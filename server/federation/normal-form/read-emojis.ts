import { dateOf, isRecord, type Json, listOf, textOf, urlOf } from '#server/federation/normal-form/values.ts'
import type { NormalEmoji } from '#server/federation/normal-form/types.ts'
import { thirdShortcode } from '#server/posts/reaction-emoji.ts'

/** Custom emoji read of one document; what comes after is left out. */
const emojisMax = 64
/** With the host of a third server, as Iceshrimp and others write it; a dot is the speaker's own. */
const shortcode = /^:?([A-Za-z0-9_+-]{1,64})(?:@([A-Za-z0-9.:-]{1,255}))?:?$/

/** The custom emoji among the tags of a post, an actor or a reaction: a name, and where its picture lies. Each name once. */
export function readEmojis(tags: readonly Json[]): NormalEmoji[] {
  const found = new Map<string, NormalEmoji>()
  for (const tag of tags) {
    if (found.size === emojisMax) break
    if (!listOf(tag.type).includes('Emoji')) continue
    const [, own, host = '.'] = shortcode.exec(textOf(tag.name).trim()) ?? []
    const name = own === undefined || host === '.' ? own : thirdShortcode(own, host)
    const url = pictureOf(tag.icon)
    if (name !== undefined && url !== undefined && !found.has(name))
      found.set(name, { shortcode: name, url, updatedAt: dateOf(tag.updated) ?? 0 })
  }
  return [...found.values()]
}

function pictureOf(value: unknown): string | undefined {
  const [picture] = listOf(value)
  if (!isRecord(picture)) return urlOf(picture)
  const [link] = listOf(picture.url ?? picture.href)
  return isRecord(link) ? urlOf(link.href) : urlOf(link)
}
