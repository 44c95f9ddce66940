import type { FilterPlace } from '#db/schema/filters.ts'
import type { Person } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { filtersOf } from '#server/filters/kept-filters.ts'
import { htmlToText } from '#server/posts/html-to-text.ts'
import type { PostDetails } from '#server/posts/load-posts.ts'
import type { MediaRow } from '#server/posts/load-posts.ts'
import type { PostRow } from '#server/posts/find-post.ts'

/** No text holds it, so that no keyword reaches from one part of a post into another. */
const between = '\0'

/**
 * Posts as somebody (undefined: anybody, who has no filters) wants to see them in a place: each with what their filters say of it, those to be hidden left
 * out. What they wrote themselves is never filtered. The post they opened (`openedId`) is not left out: it is folded.
 */
export async function applyFilters(
  ctx: Pick<Context, 'db' | 'clock'>,
  who: Person | undefined,
  details: readonly PostDetails[],
  place: FilterPlace,
  openedId?: number
): Promise<PostDetails[]> {
  const filters = who && (await filtersOf(ctx.db, who))
  if (!filters) return [...details]
  const now = ctx.clock.now()
  return details.flatMap((each) => {
    const { post, viewer } = each
    const verdict = viewer?.isOwn ? undefined : filters.judge(post.id, () => textOf(each), place, now)
    if (!verdict) return each
    if (verdict.action !== 'hide') return { ...each, filtered: { action: verdict.action, titles: verdict.titles } }
    return post.id === openedId ? { ...each, filtered: { action: 'warn' as const, titles: verdict.titles } } : []
  })
}

/** All that a post says: its text, warning and title, what it asks, how its pictures are described, its tags, and what it quotes. */
function textOf({ post, poll, media, tags, quote }: PostDetails): string {
  return [
    ...wordsOf(post, media),
    ...(poll?.options.map((option) => option.text) ?? []),
    ...tags.map((tag) => `#${tag}`),
    ...(quote?.post ? wordsOf(quote.post, quote.media) : [])
  ].join(between)
}

function wordsOf(post: PostRow, media: readonly MediaRow[]): string[] {
  const words = [htmlToText(post.html), post.warning, post.title ?? '', ...media.map(({ alt }) => alt)]
  return (post.abstractHtml === null ? words : [...words, htmlToText(post.abstractHtml)]).filter((each) => each !== '')
}
