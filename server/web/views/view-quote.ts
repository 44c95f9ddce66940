import type { FastifyRequest } from 'fastify'
import type { EmojiBook } from '#server/emoji/emoji-book.ts'
import type { PostDetails, QuoteDetails } from '#server/posts/load-posts.ts'
import type { QuoteShown } from '#server/interactions/load-quotes.ts'
import { hideInlineQuote } from '#server/posts/hide-inline-quote.ts'
import { handleOf } from '#server/accounts/handle-of.ts'
import type { PostRow } from '#server/posts/find-post.ts'
import { displayNameOf, toAccountView } from '#server/web/views/view-accounts.ts'
import { contentHtmlOf } from '#server/web/views/view-content.ts'
import type { QuoteView } from '#server/web/views/quote-view.ts'
import { viewTime } from '#server/web/views/view-time.ts'

/** Of what is not shown, where a reader may look for themselves: its author has not closed it to them. */
const linked: readonly QuoteShown[] = ['pending', 'missing']

/** What a post quotes, as a card or as the sentence that stands in its place; undefined when it quotes nothing. */
export function viewQuote(
  request: FastifyRequest,
  quote: QuoteDetails | undefined,
  { keys, book }: { keys: Map<number, string>; book: EmojiBook }
): QuoteView | undefined {
  if (!quote) return undefined
  const { t } = request
  const { post, author, shown, quotedUri } = quote
  if (!post || !author) {
    return { card: undefined, text: t('quote.notShown', { why: shown }), url: linked.includes(shown) ? quotedUri : undefined }
  }
  const path = `/${handleOf(author)}/${post.id}`
  const card = {
    path,
    author: toAccountView(author, keys.get(author.id), book),
    time: viewTime(request, post.createdAt),
    contentHtml: contentHtmlOf(post, { t, path, isWhole: false, book }),
    language: post.language ?? undefined,
    warning: post.warning === '' ? undefined : post.warning,
    mediaText: quote.media.length > 0 ? t('quote.media', { count: quote.media.length }) : undefined,
    mark: quote.isUnverified ? t('quote.unverified') : undefined
  }
  return { card, text: undefined, url: undefined }
}

/** A quoting post without the line of its text that says the same to those who show no quotes. */
export function withoutInlineQuote({ post, quote }: PostDetails): PostRow {
  if (!quote) return post
  const urls = [quote.quotedUri, ...(quote.post?.url ? [quote.post.url] : [])]
  return { ...post, html: hideInlineQuote(post.html, urls) }
}

/** What waits for a word: a reply of the reader's that its parent's author has not let in, or a favourite or boost; undefined for any other post. */
export function noticeOf(
  request: FastifyRequest,
  { viewer, heldBy, author }: Pick<PostDetails, 'viewer' | 'heldBy' | 'author'>
): string | undefined {
  const held = viewer?.limits?.held
  const waiting = [...(viewer?.limits?.waiting ?? [])].find((kind) => kind === 'like' || kind === 'announce')
  if (waiting) return request.t('post.waiting', { kind: waiting, name: displayNameOf(author) })
  if (!held) return undefined
  return request.t('post.held', { state: held.state, name: heldBy ? displayNameOf(heldBy) : request.t('post.unknownAuthor') })
}
