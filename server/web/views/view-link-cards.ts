import type { FastifyRequest } from 'fastify'
import { handleOf } from '#server/accounts/handle-of.ts'
import { isHidden } from '#server/accounts/shown-account.ts'
import { type EmojiBook, emojiBook } from '#server/emoji/emoji-book.ts'
import type { PostDetails } from '#server/posts/load-posts.ts'
import { arePreviewsOn } from '#server/previews/are-previews-on.ts'
import { askPreviews, type SeenLink } from '#server/previews/ask-previews.ts'
import { type FoundPreview, findPreviews } from '#server/previews/find-previews.ts'
import { mayCredit } from '#server/previews/may-credit.ts'
import { previewLinkOf } from '#server/previews/preview-links.ts'
import type { LinkCardView } from '#server/web/views/link-card-view.ts'
import { nameHtmlOf } from '#server/web/views/view-accounts.ts'

/** Pixels, and width to height, of a picture that stands above the text on a phone. */
const wideMin = 400
const wideRatioMin = 1.3

interface CardOptions {
  isFocused: boolean
  /** The reader came to read these posts: what is not known of their links yet is asked for. */
  asksPreviews: boolean
}

/**
 * Cards for the first links of posts, by id of the post. A post that shows pictures or a quote has none: one thing beside the text is enough. Only those signed
 * in have other sites asked. None while previews are turned off.
 */
export async function viewLinkCards(
  { server: { ctx }, who }: FastifyRequest,
  details: readonly PostDetails[],
  { isFocused, asksPreviews }: CardOptions
): Promise<Map<number, LinkCardView>> {
  const seen: (SeenLink & { details: PostDetails })[] = []
  for (const each of details) {
    const link = each.media.length === 0 && !each.quote ? previewLinkOf(each.post.html, ctx.config) : undefined
    if (link) seen.push({ ...link, post: each.post, details: each })
  }
  const cards = new Map<number, LinkCardView>()
  if (seen.length === 0 || !(await arePreviewsOn(ctx))) return cards
  const known = await findPreviews(ctx.db, [...new Set(seen.map(({ url }) => url))])
  if (who && asksPreviews) await askPreviews(ctx, seen, known)
  const book = await emojiBook(ctx)
  for (const { url, host, post, details: each } of seen) {
    const found = known.get(url)
    if (found?.preview.state !== 'shown') continue
    const hosts = [host, found.preview.answeredHost ?? host]
    if ((await Promise.all(hosts.map((name) => ctx.limits.isSuspended(name)))).some(Boolean)) continue
    const isVeiled = (post.isSensitive && post.warning === '') || each.filtered?.action === 'blur'
    cards.set(post.id, viewCard(found, { isVeiled, isInTabs: isFocused, book }))
  }
  return cards
}

function viewCard(
  { preview, picture, creator }: FoundPreview,
  { isVeiled, isInTabs, book }: { isVeiled: boolean; isInTabs: boolean; book: EmojiBook }
): LinkCardView {
  const isCredited = creator !== null && !isHidden(creator) && mayCredit(creator, preview)
  const shown = pictureOf(picture, isVeiled)
  return {
    url: preview.url,
    host: preview.host.replace(/^www\./, ''),
    title: preview.title,
    description: preview.description,
    picture: shown,
    isWide: shown !== undefined && shown.width >= wideMin && shown.width / shown.height >= wideRatioMin,
    credit: isCredited ? { nameHtml: nameHtmlOf(creator, book), handle: handleOf(creator), path: `/${handleOf(creator)}` } : undefined,
    isInTabs
  }
}

/** Only what lies here already; a sensitive one stays its blur. */
function pictureOf(picture: FoundPreview['picture'], isVeiled: boolean): LinkCardView['picture'] {
  if (!picture || picture.isBroken || picture.fileHash === null || !picture.width || !picture.height) return undefined
  const { key, width, height } = picture
  return {
    url: `/media/${key}${isVeiled ? '/tiny' : ''}`,
    width,
    height
  }
}
